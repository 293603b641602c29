package gcprobe

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"regexp"
	"strings"
)

// A Verdict is an Outcome as the table shows it.
type Verdict struct {
	Safe bool   // pointers can be stored, and what they point to stays
	Text string // the same for people
}

// Judge runs a command that probes a peer and prints the Outcome as JSON, and
// judges by what it prints or by how it dies.
func Judge(command ...string) Verdict {
	process := exec.Command(command[0], command[1:]...)
	var stderr strings.Builder
	process.Stderr = &stderr
	out, err := process.Output()
	if err != nil {
		return Verdict{Text: "crashes: " + lastWords(stderr.String(), err)}
	}
	var o Outcome
	if err := json.Unmarshal(out, &o); err != nil {
		return Verdict{Text: fmt.Sprintf("unknown: %v", err)}
	}
	return o.Verdict()
}

// Verdict judges an outcome that the probe lived to tell.
func (o Outcome) Verdict() Verdict {
	switch {
	case o.Refused != "":
		return Verdict{Text: "refuses them"}
	case o.Checked == 0:
		return Verdict{Text: "not probed"}
	case o.Lost > 0:
		return Verdict{Text: fmt.Sprintf("loses %.3g%%", 100*float64(o.Lost)/float64(o.Checked))}
	case o.Meanwhile > 0:
		return Verdict{Text: "loses some"}
	}
	return Verdict{Safe: true, Text: "yes"}
}

var crash = regexp.MustCompile(`(?m)^(?:fatal error|panic|runtime): (.*)$`)

// lastWords finds why a Go program died in what it wrote to stderr.
func lastWords(stderr string, err error) string {
	if m := crash.FindStringSubmatch(stderr); m != nil {
		return m[1]
	}
	return err.Error()
}
