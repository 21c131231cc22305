package integration

import (
	"context"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"strings"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go/middleware"
)

// An account of the server under test. The suite takes its canonical id for what the gateway has instead: the user's access key.
type account struct{ canonicalID, accountID, access, secret string }

var accounts = func() (all []account) {
	for _, line := range strings.Split(strings.TrimSpace(os.Getenv("ACCOUNTS")), "\n") {
		field := strings.Fields(line)
		all = append(all, account{field[0], field[1], field[2], field[3]})
	}
	return
}()
var used atomic.Uint64

// Instead of a user that the gateway's own command makes: one of the accounts that were made before, in turn.
func nextUser(role string) user {
	account := accounts[1+used.Add(1)%uint64(len(accounts)-1)]
	return user{access: account.canonicalID, secret: account.secret, role: role}
}

// What the suite signs with.
func accessKeyOf(canonicalID string) string {
	for _, account := range accounts {
		if account.canonicalID == canonicalID {
			return account.access
		}
	}
	return canonicalID
}

// S3 does not take an empty version id for none.
func versionOrNone(id string) *string {
	if id == "" {
		return nil
	}
	return &id
}

// Another text is told, and is no failure: the code is what clients branch on.
func noteMessage(expected, got string) {
	fmt.Printf("MESSAGE %q, not %q\n", got, expected)
}

var (
	canonicalID = regexp.MustCompile("^[0-9a-f]{64}")
	principal   = regexp.MustCompile(`"Principal":\s*(\[[^\]{]*[0-9a-f]{64}[^\]]*\]|"[0-9a-f]{64}")`)
	awsID       = regexp.MustCompile(`\{"AWS":\s*(\[[^\]{]*[0-9a-f]{64}[^\]]*\]|"[0-9a-f]{64}")`)
)

// Writes what the gateway takes as S3 wants it: who is granted something, whose bucket is expected, and who a policy is about.
func asS3Writes(stack *middleware.Stack) error {
	return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("asS3Writes", func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
		input := reflect.ValueOf(in.Parameters).Elem()
		copied := reflect.New(input.Type())
		copied.Elem().Set(input)
		for i := 0; i < input.NumField(); i++ {
			if !input.Field(i).CanInterface() {
				continue
			}
			value, ok := input.Field(i).Interface().(*string)
			if !ok || value == nil || !canonicalID.MatchString(*value) {
				continue
			}
			name := input.Type().Field(i).Name
			if strings.HasPrefix(name, "Grant") {
				written := `id="` + *value + `"`
				copied.Elem().Field(i).Set(reflect.ValueOf(&written))
			} else if strings.HasPrefix(name, "Expected") {
				for _, account := range accounts {
					if account.canonicalID == *value {
						copied.Elem().Field(i).Set(reflect.ValueOf(&account.accountID))
					}
				}
			}
		}
		if policy, ok := copied.Interface().(*s3.PutBucketPolicyInput); ok && policy.Policy != nil {
			written := awsID.ReplaceAllString(principal.ReplaceAllString(*policy.Policy, `"Principal": {"CanonicalUser": $1}`), `{"CanonicalUser": $1`)
			policy.Policy = &written
		}
		in.Parameters = copied.Interface()
		return next.HandleInitialize(ctx, in)
	}), middleware.Before)
}
