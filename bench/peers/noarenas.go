//go:build !goexperiment.arenas

package peers

var experiment []Peer
