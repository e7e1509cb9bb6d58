/* The one program of the engine tests: a service, its health check, and the ways in which it fails.
 *
 *   app serve             runs until SIGTERM; healthy at once
 *   app sick              runs; its health check never passes
 *   app slow              runs; healthy after two seconds
 *   app once              says something and ends with 0
 *   app crash             says something and ends with 3
 *   app tick              says a number every 200 ms, in turn on both outputs
 *   app flood             says more than any pipe holds, then goes on
 *   app ask               says whether it has a terminal, repeats a line of its input, and ends with 7
 *   app health            what the engine asks: 0 when /tmp/healthy is there
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void end(int number) {
    (void)number;
    _exit(0);
}

static void healthy(void) {
    int file = open("/healthy", O_CREAT | O_WRONLY, 0644);
    if (file >= 0)
        close(file);
}

int main(int count, char **words) {
    const char *word = count > 1 ? words[1] : "serve";
    const char *secret = getenv("TEST_PASSWORD");
    setvbuf(stdout, NULL, _IONBF, 0);
    if (strcmp(word, "health") == 0) {
        int well = access("/healthy", F_OK) == 0;
        printf(well ? "well\n" : "the moon is in the wrong phase\n");
        return well ? 0 : 1;
    }
    signal(SIGTERM, end);
    signal(SIGINT, end);
    printf("app %s begins, password %s\n", word, secret ? secret : "none");
    if (strcmp(word, "once") == 0)
        return 0;
    if (strcmp(word, "crash") == 0) {
        printf("app crashes, password %s\n", secret ? secret : "none");
        return 3;
    }
    if (strcmp(word, "ask") == 0) {
        char line[80];
        printf("terminal %s\n", isatty(0) && isatty(1) ? "yes" : "no");
        printf("heard %s", fgets(line, sizeof line, stdin) ? line : "nothing\n");
        return 7;
    }
    if (strcmp(word, "flood") == 0)
        for (int number = 0; number < 20000; number++)
            printf("flood %d of a line that is long enough to fill a pipe soon\n", number);
    if (strcmp(word, "slow") == 0)
        sleep(2);
    if (strcmp(word, "sick") != 0)
        healthy();
    for (int number = 0; strcmp(word, "tick") == 0; number++) {
        fprintf(number % 2 ? stderr : stdout, "tick %d\n", number);
        usleep(200 * 1000);
    }
    for (;;)
        pause();
}
