package cli

import (
	"flag"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"madeinlatino.net/madeinlatino/internal/config"
)

// printHelp writes the program's help: the commands and the environment.
func printHelp(w io.Writer) error {
	var b strings.Builder
	b.WriteString("Made In Latino ranks the fans of Latin music artists.\n\nusage: " + program + " [command] [flags]\n\ncommands:\n")
	table := tabwriter.NewWriter(&b, 0, 0, 3, ' ', 0)
	for _, c := range commands() {
		_, _ = fmt.Fprintf(table, "  %s\t%s\n", strings.TrimSpace(c.name+" "+c.usage), c.about)
	}
	_ = table.Flush()
	b.WriteString("\n" + program + " COMMAND --help tells more.\n\nenvironment:\n")
	for _, v := range config.Doc() {
		fmt.Fprintf(&b, "  %s (default: %s)\n      %s\n", v.Name, v.Default, v.Meaning)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (c command) synopsis() string {
	return "usage: " + strings.TrimSpace(program+" "+c.name+" "+c.usage)
}

// printHelp writes the help of one command.
func (c command) printHelp(w io.Writer, flags *flag.FlagSet) error {
	var b strings.Builder
	b.WriteString(c.synopsis() + "\n\n" + c.about + ".\n")
	if c.detail != "" {
		b.WriteString("\n" + c.detail + "\n")
	}
	var declared strings.Builder
	table := tabwriter.NewWriter(&declared, 0, 0, 3, ' ', 0)
	flags.VisitAll(func(f *flag.Flag) {
		kind, meaning := flag.UnquoteUsage(f)
		if f.DefValue != "" && f.DefValue != "false" {
			meaning += " (default " + f.DefValue + ")"
		}
		_, _ = fmt.Fprintf(table, "  --%s\t%s\n", strings.TrimSpace(f.Name+" "+kind), meaning)
	})
	_ = table.Flush()
	if declared.Len() > 0 {
		b.WriteString("\nflags:\n" + declared.String())
	}
	b.WriteString("\nexample:\n")
	for line := range strings.Lines(c.example) {
		b.WriteString("  " + line)
	}
	_, err := io.WriteString(w, b.String()+"\n")
	return err
}
