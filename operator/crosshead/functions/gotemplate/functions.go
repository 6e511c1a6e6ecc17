package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"text/template"

	"github.com/Masterminds/sprig/v3"
	"gopkg.in/yaml.v3"

	v1 "crosshead/gotemplate/v1"
)

const (
	annotationName  = "gotemplating.fn.crossplane.io/composition-resource-name"
	annotationReady = "gotemplating.fn.crossplane.io/ready"

	contextExtraResources = "apiextensions.crossplane.io/extra-resources"
)

// functions returns what templates can call beside Go's own functions and include, which belongs to one template.
func functions() template.FuncMap {
	all := sprig.TxtFuncMap()
	delete(all, "env")
	delete(all, "expandenv")
	asOnAMD64(all)
	for name, function := range own {
		all[name] = function
	}
	return all
}

var own = template.FuncMap{
	"randomChoice":                 randomChoice,
	"toYaml":                       toYAML,
	"fromYaml":                     fromYAML,
	"getResourceCondition":         getResourceCondition,
	"setResourceNameAnnotation":    setResourceNameAnnotation,
	"getComposedResource":          getComposedResource,
	"getCompositeResource":         getCompositeResource,
	"getExtraResources":            getExtraResources,
	"getExtraResourcesFromContext": getExtraResourcesFromContext,
	"getCredentialData":            getCredentialData,
	"getHostByName":                getHostByName,
}

func randomChoice(choices ...string) (string, error) {
	if len(choices) == 0 {
		return "", errors.New("nothing to choose from")
	}
	return choices[rand.IntN(len(choices))], nil
}

func toYAML(value any) (string, error) {
	text, err := yaml.Marshal(value)
	return string(text), err
}

func fromYAML(text string) (any, error) {
	var value any
	err := yaml.Unmarshal([]byte(text), &value)
	return value, err
}

// getResourceCondition takes a resource, or what holds one under "resource"; a status that it cannot read has no conditions.
func getResourceCondition(named string, resource map[string]any) v1.Condition {
	var found v1.Conditioned
	if inner, ok := resource["resource"].(map[string]any); ok {
		resource = inner
	}
	if err := into(resource["status"], &found); err != nil {
		found = v1.Conditioned{}
	}
	return found.Of(v1.ConditionType(named))
}

func setResourceNameAnnotation(name string) string {
	return annotationName + ": " + name
}

func getComposedResource(request map[string]any, name string) map[string]any {
	return object(request, "observed", "resources", name, "resource")
}

func getCompositeResource(request map[string]any) map[string]any {
	return object(request, "observed", "composite", "resource")
}

func getExtraResources(request map[string]any, name string) []any {
	for _, kind := range []string{"requiredResources", "extraResources"} {
		if items, ok := at(request, kind, name, "items").([]any); ok {
			return items
		}
	}
	return nil
}

func getExtraResourcesFromContext(request map[string]any, name string) []any {
	items, _ := at(request, "context", contextExtraResources, name, "items").([]any)
	return items
}

func getCredentialData(request map[string]any, name string) map[string][]byte {
	var data map[string][]byte
	if err := into(at(request, "credentials", name, "credentialData", "data"), &data); err != nil {
		return nil
	}
	return data
}

func getHostByName(string) (string, error) {
	return "", errors.New("templates cannot reach the network")
}

// at returns what stands at path in value, nil when there is nothing.
func at(value any, path ...string) any {
	for _, field := range path {
		fields, _ := value.(map[string]any)
		value = fields[field]
	}
	return value
}

// object returns the object at path in value, nil when there is none.
func object(value any, path ...string) map[string]any {
	found, _ := at(value, path...).(map[string]any)
	return found
}

// into reads value into target as JSON is read.
func into(value, target any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("cannot marshal value to JSON: %w", err)
	}
	if err := json.Unmarshal(text, target); err != nil {
		return fmt.Errorf("cannot unmarshal value from JSON: %w", err)
	}
	return nil
}
