//go:build unix

package main

import (
	"os"
	"runtime"
	"syscall"
)

// residentMax returns the most memory that a process, or one that it waited
// for, had resident, in bytes.
func residentMax(p *os.ProcessState) int64 {
	usage, ok := p.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	n := int64(usage.Maxrss)
	if runtime.GOOS != "darwin" && runtime.GOOS != "ios" {
		n <<= 10 // kilobytes everywhere else
	}
	return n
}
