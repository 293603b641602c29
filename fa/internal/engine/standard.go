package engine

import (
	"go/types"
	"strings"
)

// The standard library is not analyzed: these tables say what matters. A
// function in none of them is taken to keep nothing and to return nothing of
// its arguments.

// keeps says which argument a function keeps for later, counted with the
// receiver, and how it is called in a message.
var keeps = map[string]struct {
	arg  int
	what string
	into int // argument that it is stored in; -1: somewhere global
}{
	"time.AfterFunc":                   {1, "kept by time.AfterFunc", -1},
	"context.AfterFunc":                {1, "kept by context.AfterFunc", -1},
	"runtime.SetFinalizer":             {1, "kept as a finalizer", -1},
	"(*sync.Pool).Put":                 {1, "put into a sync.Pool", -1},
	"(*sync.Map).Store":                {2, "stored in a sync.Map", 0},
	"(*sync.Map).LoadOrStore":          {2, "stored in a sync.Map", 0},
	"(*sync.Map).Swap":                 {2, "stored in a sync.Map", 0},
	"(*sync/atomic.Value).Store":       {1, "stored in an atomic.Value", 0},
	"(*sync/atomic.Value).Swap":        {1, "stored in an atomic.Value", 0},
	"(*sync/atomic.Pointer).Store":     {1, "stored in an atomic.Pointer", 0},
	"(*sync/atomic.Pointer).Swap":      {1, "stored in an atomic.Pointer", 0},
	"(*container/list.List).PushBack":  {1, "put into a list", 0},
	"(*container/list.List).PushFront": {1, "put into a list", 0},
	"container/heap.Push":              {1, "put into a heap", 0},
	"net/http.HandleFunc":              {1, "kept as a handler", -1},
	"(*net/http.ServeMux).HandleFunc":  {2, "kept as a handler", 0},
}

// starts lists the functions that run their function argument on a goroutine.
var starts = map[string]int{
	"(*sync.WaitGroup).Go":                      1,
	"(*golang.org/x/sync/errgroup.Group).Go":    1,
	"(*golang.org/x/sync/errgroup.Group).TryGo": 1,
}

// waits lists the functions that wait for goroutines.
var waits = map[string]bool{
	"(*sync.WaitGroup).Wait":                   true,
	"(*golang.org/x/sync/errgroup.Group).Wait": true,
	"(*sync.Cond).Wait":                        true,
}

// blocks lists functions that wait for the outside world, with what they wait for.
var blocks = map[string]string{
	"time.Sleep": "sleeps",

	"os.ReadFile": "reads a file", "os.WriteFile": "writes a file", "os.Open": "opens a file",
	"os.Create": "creates a file", "os.OpenFile": "opens a file", "os.ReadDir": "reads a directory",
	"(*os.File).Read": "reads a file", "(*os.File).ReadAt": "reads a file", "(*os.File).Write": "writes a file",
	"(*os.File).WriteAt": "writes a file", "(*os.File).WriteString": "writes a file", "(*os.File).Sync": "waits for the disk",
	"(*os.Process).Wait": "waits for a process",
	"io.ReadAll":         "reads to the end of its source",

	"(*os/exec.Cmd).Run": "runs a process", "(*os/exec.Cmd).Output": "runs a process",
	"(*os/exec.Cmd).CombinedOutput": "runs a process", "(*os/exec.Cmd).Wait": "waits for a process",

	"net.Dial": "waits for the network", "net.DialTimeout": "waits for the network",
	"net.LookupHost": "waits for the network", "(*net.Dialer).Dial": "waits for the network",
	"(*net.Dialer).DialContext": "waits for the network", "(net.Conn).Read": "waits for the network",
	"(net.Conn).Write": "waits for the network", "(*net.UDPConn).ReadFromUDP": "waits for the network",
	"(net.Listener).Accept": "waits for the network", "(*net.TCPConn).Read": "waits for the network",
	"net/http.Get": "waits for the network", "net/http.Post": "waits for the network",
	"(*net/http.Client).Do": "waits for the network", "(*net/http.Client).Get": "waits for the network",
	"(*net/http.Client).Post": "waits for the network",

	"(*database/sql.DB).Query": "waits for a database", "(*database/sql.DB).Exec": "waits for a database",
	"(*database/sql.DB).QueryRow": "waits for a database",

	"(*" + Library + "/stream.Entry).Wait": "waits for a load",
}

// sharing lists the packages whose functions return parts of their arguments,
// and the functions in them that copy instead.
var sharing = map[string]map[string]bool{
	"strings": set("Clone Join Repeat Replace ReplaceAll Map ToUpper ToLower ToTitle"),
	"bytes":   set("Clone Join Repeat Replace ReplaceAll Map ToUpper ToLower ToTitle"),
	"slices":  set("Clone Concat Repeat Collect Sorted SortedFunc"),
}

func set(words string) map[string]bool {
	m := make(map[string]bool)
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// fullName is the name that the tables list a function by.
func fullName(fn *types.Func) string {
	if fn == nil || fn.Pkg() == nil {
		return ""
	}
	recv := fn.Signature().Recv()
	if recv == nil {
		return fn.Pkg().Path() + "." + fn.Name()
	}
	n := namedOf(recv.Type())
	if n == nil {
		return ""
	}
	name := n.Obj().Name()
	if n.Obj().Pkg() != nil {
		name = n.Obj().Pkg().Path() + "." + name
	}
	if _, ok := types.Unalias(recv.Type()).(*types.Pointer); ok {
		name = "*" + name
	}
	return "(" + name + ")." + fn.Name()
}

// sharesArguments reports whether a standard function may return a part of an
// argument.
func sharesArguments(fn *types.Func) bool {
	if fn == nil || fn.Pkg() == nil || fn.Signature().Recv() != nil {
		return false
	}
	copies, ok := sharing[fn.Pkg().Path()]
	return ok && !copies[fn.Name()]
}
