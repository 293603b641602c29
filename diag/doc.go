// Package diag holds the catalogue of FA codes and the machinery that tells a
// program's author about a mistake: diagnostics, where they go, and strict mode.
package diag
