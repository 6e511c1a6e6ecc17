package main

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"text/template"
)

// What the templates are called in error texts.
const name = "manifests"

// A render may make this many bytes; far more than any API server takes.
const longest = 16 << 20

// How many parsed templates are kept, so that the same composition is parsed once.
const parsedAtMost = 64

// How deep a template may include itself.
const deepest = 1000

// parsed are the templates that were parsed, by everything that parsing depends on.
var parsed = map[string]*manifest{}

// manifest is a parsed template with what `include` must remember while it is executed.
type manifest struct {
	*template.Template
	included map[string]int
}

// rendered returns what the templates of the question make of data.
func (q Question) rendered(data map[string]any) (string, error) {
	manifest, err := q.parsed()
	if err != nil {
		return "", err
	}
	manifest.included = map[string]int{}
	output := &limited{}
	if err := manifest.Execute(output, data); err != nil {
		return "", fmt.Errorf("cannot execute template: %w", err)
	}
	return output.String(), nil
}

func (q Question) parsed() (*manifest, error) {
	key := strconv.Quote(q.Left) + strconv.Quote(q.Right) + fmt.Sprintf("%q", q.Options) + q.Template
	if known, ok := parsed[key]; ok {
		return known, nil
	}
	fresh := &manifest{Template: template.New(name).Delims(q.Left, q.Right)}
	fresh.Funcs(functions()).Funcs(template.FuncMap{"include": fresh.include})
	if _, err := fresh.Parse(q.Template); err != nil {
		return nil, fmt.Errorf("invalid function input: cannot parse the provided templates: %w", err)
	}
	if err := fresh.apply(q.Options); err != nil {
		return nil, fmt.Errorf("cannot apply template options: %w", err)
	}
	if len(parsed) >= parsedAtMost {
		clear(parsed)
	}
	parsed[key] = fresh
	return fresh, nil
}

// apply sets options; text/template panics when it does not know one.
func (m *manifest) apply(options []string) (err error) {
	defer func() {
		if told := recover(); told != nil {
			err = fmt.Errorf("panic occurred while applying template options: %s",
				strings.TrimPrefix(fmt.Sprint(told), "template: "))
		}
	}()
	m.Option(options...)
	return nil
}

// include returns what the template called name makes of data, as text that can go through a pipeline.
func (m *manifest) include(name string, data any) (string, error) {
	if m.included[name] > deepest {
		return "", fmt.Errorf("rendering template has a nested reference name: %s: unable to execute template", name)
	}
	m.included[name]++
	defer func() { m.included[name]-- }()
	output := &limited{}
	err := m.ExecuteTemplate(output, name, data)
	return output.String(), err
}

// limited is a buffer that refuses to become longer than longest.
type limited struct {
	bytes.Buffer
}

func (l *limited) Write(text []byte) (int, error) {
	if l.Len()+len(text) > longest {
		return 0, errTooLong
	}
	return l.Buffer.Write(text)
}
