/* inputrc.h - whether the user's inputrc may be left to readline, which reads whatever
 * it is: a device or a FIFO would hold it up, a file that includes itself would end it.
 * Pure but for the files it looks at. */
#ifndef SOCKDECK_UI_INPUTRC_H
#define SOCKDECK_UI_INPUTRC_H

#include <stdbool.h>

enum { INPUTRC_BYTES = 256 * 1024, INPUTRC_DEPTH = 8 };

/* Whether the file that readline would read, as the environment says, and what it includes
 * are regular files of a bounded size, as deep as INPUTRC_DEPTH includes, 64 in all. */
bool inputrc_is_fit(void);

#endif
