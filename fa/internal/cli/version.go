package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/framealloc/framealloc/fa/internal/codes"
)

func (t *Tool) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return writeAll(t.Stdout, fmt.Sprintf("fa %s, %d checks, built with %s for %s/%s\n",
				version(), len(codes.All()), runtime.Version(), runtime.GOOS, runtime.GOARCH))
		},
	}
}

// version returns the module's version, or one below all others with the
// revision that it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "v0.0.0-devel"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return "v0.0.0-devel+" + s.Value[:12]
		}
	}
	return "v0.0.0-devel"
}
