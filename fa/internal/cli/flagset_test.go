package cli

import "github.com/spf13/pflag"

// VisitFlags visits the flags of fa itself, for tests that must know them all.
func VisitFlags(visit func(*pflag.Flag)) {
	new(Tool).checkCommand().Flags().VisitAll(visit)
}
