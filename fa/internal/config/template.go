package config

import _ "embed"

//go:embed template.toml
var template string

// Template returns a configuration file with every key in it, commented out at
// its default, and what each one does.
func Template() string { return template }
