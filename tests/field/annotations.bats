# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bats
# OCI: /annotations

load ../lib

@test "state and list show them" {
	script 'sleep 100' '.annotations = {"org.example.one": "1", "empty": "", "quote\"d": "\\ \u00fc"}'
	ok run -d "$ID"
	ok state "$ID"
	is "$(jq -cS .annotations <<<"$output")" '{"empty":"","org.example.one":"1","quote\"d":"\\ ü"}'
}

@test "none: state has none" {
	script 'sleep 100' 'del(.annotations)'
	ok run -d "$ID"
	ok state "$ID"
	is "$(jq -c '.annotations // {}' <<<"$output")" '{}'
}

@test "an empty key, a value that is no string" {
	is_tare || skip "the others take an empty key"
	refused /annotations/ key '.annotations = {"": "x"}'
	refused /annotations/key "" '.annotations = {"key": 1}'
	refused /annotations "" '.annotations = ["x"]'
}

@test "unknown members anywhere are ignored" {
	inside 'echo runs' '.new = {} | .process.new = [1] | .linux.new = "x" | .linux.resources.new = 1.5e300'
	is "$output" runs
}
