/* app.h - the program: what main() starts. */
#ifndef SOCKDECK_APP_H
#define SOCKDECK_APP_H

/* Runs sockdeck with the command line and returns its exit status. Called once, by
 * main, before any thread exists. */
int app_main(int argc, char **argv);

#endif
