// A shared library with none of the engine's functions.
extern "C" int birdhouse_nothing();
int birdhouse_nothing() { return 0; }
