//go:build !unix

package main

import "os"

// residentMax is not known on this system.
func residentMax(*os.ProcessState) int64 { return 0 }
