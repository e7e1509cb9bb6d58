// Keeps Chromium from hearing of network interfaces that come and go.
//
// Each container that starts or stops brings or takes one, and Chromium then fails every request under way, also those
// to this machine itself, with ERR_NETWORK_CHANGED. It has no option against that. Without a netlink socket it takes
// the network for one that never changes (net/base/address_tracker_linux.cc).
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
