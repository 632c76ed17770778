/* The server of the tests: opens its ports and does what it is told until nobody tells. */
#include "tests/server/server.h"

#include <signal.h>
#include <unistd.h>

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    credentials_make();
    ports_open();
    dns_open();
    control_run(0);
    _exit(0); /* without waiting for what is stuck */
}
