package rest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
)

const jsonType = "application/json"

// writeJSON answers with a JSON body. A shape that cannot be encoded is a
// fault in the program.
func writeJSON(w http.ResponseWriter, status int, shape any) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(shape); err != nil {
		panic(err)
	}
	writeBody(w, status, jsonType, bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}

func writeBody(w http.ResponseWriter, status int, contentType string, body []byte) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client is gone, or it worked
}
