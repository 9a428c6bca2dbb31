/* main.c - the entry; everything else is in the library, which the tests link too. */
#include "config.h"

#include "sockdeck/app.h"

int
main(int argc, char **argv)
{
    return app_main(argc, argv);
}
