package main

import (
	"fmt"
	"text/template"
)

// Message is what a template makes of the groups of a regular expression, or why it makes nothing of them.
type Message struct {
	Text  string `json:"text"`
	Error string `json:"error,omitempty"`
}

// message renders as function-status-transformer does: the template has no name, and no functions but Go's own.
func (q Question) message() *Message {
	parsed, err := template.New("").Parse(q.Template)
	if err != nil {
		return &Message{Error: fmt.Sprintf("cannot parse template: %s", err)}
	}
	output := &limited{}
	if err := parsed.Execute(output, q.Groups); err != nil {
		return &Message{Error: fmt.Sprintf("cannot execute template: %s", err)}
	}
	return &Message{Text: output.String()}
}
