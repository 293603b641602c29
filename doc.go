// Package framealloc allocates memory by intent for programs that have
// frames: games, renderers, simulations, audio.
package framealloc
