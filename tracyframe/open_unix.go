//go:build (linux || darwin) && (amd64 || arm64)

package tracyframe

import "github.com/ebitengine/purego"

func open(path string) (uintptr, error) {
	return purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_GLOBAL)
}

func find(handle uintptr, name string) (uintptr, error) { return purego.Dlsym(handle, name) }
