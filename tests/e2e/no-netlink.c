// Hides changes of network interfaces from Chromium.
//
// Each container that starts or stops adds or removes one. Chromium then fails every request under way, also those
// to this machine itself, with ERR_NETWORK_CHANGED, and has no option against that. Without a netlink socket it assumes
// that the network never changes (net/base/address_tracker_linux.cc).
//
// cc -shared -fPIC -o no-netlink.so no-netlink.c; LD_PRELOAD=no-netlink.so chromium
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <sys/socket.h>

int socket(int domain, int type, int protocol) {
  static int (*real)(int, int, int);
  if (domain == AF_NETLINK) {
    errno = EAFNOSUPPORT;
    return -1;
  }
  if (!real) {
    real = (int (*)(int, int, int))dlsym(RTLD_NEXT, "socket");
  }
  return real(domain, type, protocol);
}
