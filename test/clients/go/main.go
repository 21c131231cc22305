// Drives one Go client of S3 through the steps that all clients of the matrix go through, and prints a line of JSON for each.
//
// Arguments: name of the client, the file with the steps' values, endpoint, region, the key's bucket, another bucket.
// The bucket's key and the account's are found in the environment.
// Or: "temporary-credentials", the bucket, and whether credentials are "renewed" meanwhile or "kept".
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
)

// A keyPair is an access key as the environment has it.
type keyPair struct{ id, secret string }

// A place is where the bucket of the steps is, and who reaches it.
type place struct {
	endpoint, region, bucket string
	key                      keyPair
}

// An objectStore is one client, told in the words that all of them share. A client that cannot do one of these returns errNotOffered.
type objectStore interface {
	put(ctx context.Context, key string, body []byte) error
	putInParts(ctx context.Context, key string, body []byte, partBytes int64) error
	get(ctx context.Context, key string) ([]byte, error)
	getRange(ctx context.Context, key string, first, last int64) ([]byte, error)
	size(ctx context.Context, key string) (int64, error)
	copy(ctx context.Context, from, to string) error
	// list gives the keys under a prefix in the order in which they came, asking for so many at a time.
	list(ctx context.Context, prefix string, pageSize int) ([]string, error)
	presign(ctx context.Context, key string) (string, error)
	delete(ctx context.Context, keys []string) error
	// code is the server's own word for why it refused.
	code(err error) string
}

var errNotOffered = fmt.Errorf("this client does not offer it")

var clients = map[string]func(place) (objectStore, error){
	"aws-sdk-go-v2":   newAwsV2,
	"transfermanager": newTransferManager,
	"aws-sdk-go":      newAwsV1,
	"minio-go":        newMinio,
	"gocloud":         newGocloud,
}

func main() {
	if os.Args[1] == "temporary-credentials" {
		if err := goThroughTemporaryCredentials(context.Background(), os.Args[2], os.Args[3] == "renewed"); err != nil {
			fail(err)
		}
		return
	}
	name, values, endpoint, region, bucket, other := os.Args[1], os.Args[2], os.Args[3], os.Args[4], os.Args[5], os.Args[6]
	account := keyPair{os.Getenv("ACCOUNT_ACCESS_KEY_ID"), os.Getenv("ACCOUNT_SECRET_ACCESS_KEY")}
	if name == "lightsail" {
		goThroughLightsail(endpoint, region, account)
		return
	}
	text, err := os.ReadFile(values)
	if err != nil {
		fail(err)
	}
	var steps steps
	if err := json.Unmarshal(text, &steps); err != nil {
		fail(err)
	}
	open, isKnown := clients[name]
	if !isKnown {
		fail(fmt.Errorf("no client %q", name))
	}
	key := keyPair{os.Getenv("AWS_ACCESS_KEY_ID"), os.Getenv("AWS_SECRET_ACCESS_KEY")}
	steps.run(open, place{endpoint, region, bucket, key}, other)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
