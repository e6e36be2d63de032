// A token and a secret by plain HTTP, with Go's own library and its own trust.
package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
)

const metadata = "http://169.254.169.254/metadata/identity/oauth2/token"
const query = "?api-version=2018-02-01&resource=https://vault.azure.net"

func fetch(url, header, value string) map[string]any {
	request, err := http.NewRequest("GET", url, nil)
	if err != nil {
		panic(err)
	}
	request.Header.Set(header, value)
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		panic(err)
	}
	defer reply.Body.Close()
	body := map[string]any{}
	if err := json.NewDecoder(reply.Body).Decode(&body); err != nil {
		panic(err)
	}
	return body
}

func main() {
	token := fetch(metadata+query, "Metadata", "true")["access_token"].(string)
	fmt.Println(fetch(os.Args[1], "Authorization", "Bearer "+token)["value"])
}
