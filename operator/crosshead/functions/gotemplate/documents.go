package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/util/yaml"
	kjson "sigs.k8s.io/json"
)

// Document is one rendered Kubernetes object.
type Document struct {
	fields map[string]any
}

// How many bytes the decoder looks at to tell JSON from YAML.
const lookAhead = 1024

// decodeDocuments returns the objects in text; those that are null are left out.
func decodeDocuments(text string) ([]*Document, error) {
	var documents []*Document
	decoder := yaml.NewYAMLOrJSONDecoder(strings.NewReader(text), lookAhead)
	for count := 1; ; count++ {
		document := &Document{}
		if err := decoder.Decode(&document); errors.Is(err, io.EOF) {
			return documents, nil
		} else if err != nil {
			return nil, fmt.Errorf("cannot decode manifest: %w", located(err, text, count))
		}
		if document == nil || document.fields == nil {
			continue
		}
		if _, err := document.annotations(); err != nil {
			return nil, fmt.Errorf("invalid annotations in resource '%s resource-name=%v': %w", document.gvk(),
				at(document.fields, "metadata", "annotations", annotationName), err)
		}
		documents = append(documents, document)
	}
}

// UnmarshalJSON reads an object as Kubernetes does: integers stay integers, and a kind is needed.
func (d *Document) UnmarshalJSON(text []byte) error {
	if err := kjson.UnmarshalCaseSensitivePreserveInts(text, &d.fields); err != nil {
		return err
	}
	if d.kind() == "" {
		return fmt.Errorf("Object 'Kind' is missing in '%s'", text)
	}
	return nil
}

func (d *Document) kind() string {
	kind, _ := d.fields["kind"].(string)
	return kind
}

func (d *Document) apiVersion() string {
	version, _ := d.fields["apiVersion"].(string)
	return version
}

// gvk returns group, version and kind as Kubernetes prints them.
func (d *Document) gvk() string {
	group, version, found := strings.Cut(d.apiVersion(), "/")
	if !found {
		group, version = "", group
	}
	return group + "/" + version + ", Kind=" + d.kind()
}

// annotations returns the annotations, or what Kubernetes says about some that are no map of strings.
func (d *Document) annotations() (map[string]string, error) {
	const expected = ".metadata.annotations accessor error: %v is of the type %T, expected map[string]interface{}"
	metadata, isMap := d.fields["metadata"].(map[string]any)
	if told := d.fields["metadata"]; !isMap && told != nil {
		return nil, fmt.Errorf(expected, told, told)
	}
	told, found := metadata["annotations"]
	annotations, isMap := told.(map[string]any)
	if found && !isMap {
		return nil, fmt.Errorf(expected, told, told)
	}
	texts := make(map[string]string, len(annotations))
	for _, key := range slices.Sorted(maps.Keys(annotations)) {
		text, isText := annotations[key].(string)
		if !isText {
			return nil, fmt.Errorf(".metadata.annotations accessor error: contains non-string value in the map under "+
				"key %q: %v is of the type %T, expected string", key, annotations[key], annotations[key])
		}
		texts[key] = text
	}
	return texts, nil
}

var (
	yamlLine  = regexp.MustCompile(`yaml: line (\d+):`)
	separator = regexp.MustCompile(`^---\s*(#.*)?$`)
)

// located returns err with the line in all that was rendered, where it says only the line in document number count.
func located(err error, text string, count int) error {
	found := yamlLine.FindStringSubmatchIndex(err.Error())
	if found == nil {
		return err
	}
	told := err.Error()
	line, _ := strconv.Atoi(told[found[2]:found[3]])
	lines := strings.Split(text, "\n")
	// The real function counts one line too many in the first document, and names no line that is not there.
	at := max(firstLine(lines, count), 1) + line
	if at > len(lines) {
		return err
	}
	return fmt.Errorf("%syaml: line %d (document %d, line %d) near: '%s':%s", told[:found[0]], at, count, line,
		strings.TrimSpace(lines[at-1]), told[found[1]:])
}

// firstLine returns the index in lines of the first line of document number count, as Kubernetes' reader splits them:
// a separator before which nothing stands is part of its document.
func firstLine(lines []string, count int) int {
	first := 0
	for index, line := range lines {
		if count == 1 {
			break
		}
		if index > first && separator.MatchString(line) {
			first = index + 1
			count--
		}
	}
	return first
}
