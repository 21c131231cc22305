package main

import (
	"context"
	"os"

	"github.com/versity/versitygw/tests/integration"
)

func main() {
	conf := integration.NewS3Conf(
		integration.WithAccess(os.Getenv("OWNER_ID")),
		integration.WithSecret(os.Getenv("AWS_SECRET_ACCESS_KEY")),
		integration.WithRegion(os.Getenv("AWS_DEFAULT_REGION")),
		integration.WithEndpoint(os.Getenv("AWS_ENDPOINT_URL")),
		integration.WithVersioningEnabled(),
	)
	state := integration.NewTestState(context.Background(), conf, false)
	integration.TestFullFlow(state)
	state.Wait()
}
