package peers

// ArenasName is the name of the peer that exists only in a build with
// GOEXPERIMENT=arenas.
const ArenasName = "arenas"
