/* A plugin that wraps libpqrtc.a in a shared library of its own (packaging/pqrtc.map says what it exports). */
#include "exercise.h"

void plugin_exercise(void);
void plugin_exercise(void) { exercise(); }
