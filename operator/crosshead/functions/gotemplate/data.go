package main

import (
	"encoding/json"
	"strconv"
)

// Beyond this, numbers are written with an exponent, and are then no integers to whoever reads them.
const firstWithExponent = 1e21

// requestData returns the request as templates see it. The protocol has only doubles, but the function reads them from
// JSON as Kubernetes does: what is written as an integer, and fits into 64 bits, is one.
func requestData(text []byte) (map[string]any, error) {
	var request map[string]any
	if err := json.Unmarshal(text, &request); err != nil {
		return nil, err
	}
	mapped, _ := numbers(request, integral).(map[string]any)
	// Templates from before requiredResources look for what was required under the older name.
	if mapped["extraResources"] == nil && mapped["requiredResources"] != nil {
		mapped["extraResources"] = mapped["requiredResources"]
	}
	return mapped, nil
}

func integral(number float64) any {
	if number > -firstWithExponent && number < firstWithExponent {
		// By way of the text: the digits of the shortest text are not always those of the double.
		if whole, err := strconv.ParseInt(strconv.FormatFloat(number, 'f', -1, 64), 10, 64); err == nil {
			return whole
		}
	}
	return number
}

// doubled returns value with the numbers that are left of it in the protocol.
func doubled(value any) any {
	return numbers(value, func(number float64) any { return number })
}

// numbers returns a copy of value with other numbers.
func numbers(value any, change func(float64) any) any {
	switch told := value.(type) {
	case map[string]any:
		changed := make(map[string]any, len(told))
		for key, item := range told {
			changed[key] = numbers(item, change)
		}
		return changed
	case []any:
		changed := make([]any, len(told))
		for index, item := range told {
			changed[index] = numbers(item, change)
		}
		return changed
	case float64:
		return change(told)
	case int64:
		return change(float64(told))
	default:
		return value
	}
}
