package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
)

// steps are the values of steps.json.
type steps struct {
	Keys       []string
	SmallBytes int
	Ranges     [][2]int64
	Large      struct {
		Key       string
		Bytes     int
		PartBytes int64
		Range     [2]int64
	}
	Copies [][2]string
	Pages  struct {
		Prefix string
		Count  int
		Size   int
	}
	Missing string
}

func (s *steps) run(open func(place) (objectStore, error), where place, other string) {
	store, err := open(where)
	if err != nil {
		fail(err)
	}
	ctx := context.Background()
	small := bodyOf(s.SmallBytes)
	step("put", func() error { return s.eachKey(func(key string) error { return store.put(ctx, key, small) }) })
	step("get", func() error {
		return s.eachKey(func(key string) error { return expectBytes(small)(store.get(ctx, key)) })
	})
	step("range", func() error {
		return s.eachKey(func(key string) error {
			for _, r := range s.Ranges {
				if err := expectBytes(small[r[0] : r[1]+1])(store.getRange(ctx, key, r[0], r[1])); err != nil {
					return err
				}
			}
			return nil
		})
	})
	step("head", func() error {
		return s.eachKey(func(key string) error {
			size, err := store.size(ctx, key)
			if err == nil && size != int64(len(small)) {
				err = fmt.Errorf("%d bytes instead of %d", size, len(small))
			}
			return err
		})
	})
	step("parts", func() error { return s.inParts(ctx, store) })
	step("copy", func() error {
		for _, names := range s.Copies {
			if err := store.copy(ctx, names[0], names[1]); err != nil {
				return err
			}
			if err := expectBytes(small)(store.get(ctx, names[1])); err != nil {
				return err
			}
		}
		return nil
	})
	step("list", func() error { return s.listings(ctx, store) })
	step("presign", func() error {
		return s.eachKey(func(key string) error {
			url, err := store.presign(ctx, key)
			if err != nil {
				return err
			}
			return expectBytes(small)(fetch(url))
		})
	})
	refused := func(name string, store objectStore, key string) {
		refusal(name, store, func() error { _, err := store.get(ctx, key); return err })
	}
	refused("missing", store, s.Missing)
	elsewhere := func(change func(*place)) objectStore {
		changed := where
		change(&changed)
		store, err := open(changed)
		if err != nil {
			fail(err)
		}
		return store
	}
	refused("wrong-secret", elsewhere(func(p *place) { p.key.secret += "x" }), s.Keys[0])
	refused("unknown-key", elsewhere(func(p *place) { p.key.id = "AKIAUNKNOWNUNKNOWN00" }), s.Keys[0])
	refused("other-bucket", elsewhere(func(p *place) { p.bucket = other }), s.Keys[0])
	step("delete", func() error {
		keys, err := store.list(ctx, "", 1000)
		if err != nil {
			return err
		}
		if err := store.delete(ctx, keys); err != nil {
			return err
		}
		return expectKeys(nil)(store.list(ctx, "", 1000))
	})
}

func (s *steps) inParts(ctx context.Context, store objectStore) error {
	large := bodyOf(s.Large.Bytes)
	if err := store.putInParts(ctx, s.Large.Key, large, s.Large.PartBytes); err != nil {
		return err
	}
	if err := expectBytes(large)(store.get(ctx, s.Large.Key)); err != nil {
		return err
	}
	first, last := s.Large.Range[0], s.Large.Range[1]
	return expectBytes(large[first : last+1])(store.getRange(ctx, s.Large.Key, first, last))
}

// listings looks at keys that are hard to encode, and at several pages.
func (s *steps) listings(ctx context.Context, store objectStore) error {
	hard := slices.Sorted(slices.Values(s.Keys))
	if err := expectKeys(hard)(store.list(ctx, "keys/", 3)); err != nil {
		return err
	}
	var paged []string
	for n := range s.Pages.Count {
		key := fmt.Sprintf("%s%03d", s.Pages.Prefix, n)
		if err := store.put(ctx, key, nil); err != nil {
			return err
		}
		paged = append(paged, key)
	}
	return expectKeys(paged)(store.list(ctx, s.Pages.Prefix, s.Pages.Size))
}

func (s *steps) eachKey(do func(key string) error) error {
	for _, key := range s.Keys {
		if err := do(key); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
	}
	return nil
}

// bodyOf is the object of so many bytes that each program of the matrix makes alike.
func bodyOf(length int) []byte {
	body := make([]byte, length)
	for at := range body {
		body[at] = byte(at*7 + at>>8)
	}
	return body
}

func step(name string, do func() error) {
	line := map[string]string{"step": name}
	if err := do(); errors.Is(err, errNotOffered) {
		return
	} else if err != nil {
		line["error"] = err.Error()
	}
	say(line)
}

// refusal says with which code something that must fail was refused.
func refusal(name string, store objectStore, do func() error) {
	line := map[string]string{"step": name}
	if err := do(); err == nil {
		line["error"] = "it was not refused"
	} else if code := store.code(err); code == "" {
		line["error"] = err.Error()
	} else {
		line["refusedWith"] = code
	}
	say(line)
}

func say(line map[string]string) {
	if err := json.NewEncoder(os.Stdout).Encode(line); err != nil {
		fail(err)
	}
}

func expectBytes(wanted []byte) func([]byte, error) error {
	return func(got []byte, err error) error {
		if err == nil && !bytes.Equal(got, wanted) {
			err = fmt.Errorf("%d bytes that are not the %d put", len(got), len(wanted))
		}
		return err
	}
}

func expectKeys(wanted []string) func([]string, error) error {
	return func(got []string, err error) error {
		if err == nil && !slices.Equal(got, wanted) {
			err = fmt.Errorf("listed %q instead of %q", got, wanted)
		}
		return err
	}
}

func fetch(url string) ([]byte, error) {
	response, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the presigned URL is answered with %s", response.Status)
	}
	return io.ReadAll(response.Body)
}
