// Signartifact signs a recording manifest of any size and verifies it.
//
//	signartifact key    me.key                 makes me.key (private) and me.key.pub
//	signartifact sign   me.key manifest.json   makes manifest.json.sig
//	signartifact verify me.key.pub manifest.json
package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	pqrtc "pqrtc.example/pqrtc/bindings/go"
)

const kind = pqrtc.RecordingManifest

func main() {
	var err error
	switch args := os.Args[1:]; {
	case len(args) == 2 && args[0] == "key":
		err = makeKey(args[1])
	case len(args) == 3 && args[0] == "sign":
		err = sign(args[1], args[2])
	case len(args) == 3 && args[0] == "verify":
		err = verify(args[1], args[2])
	default:
		err = errors.New("usage: signartifact key KEY | sign KEY FILE | verify KEY.pub FILE")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func makeKey(path string) error {
	key, err := pqrtc.GenerateSigningKey(pqrtc.MLDSA65)
	if err != nil {
		return err
	}
	defer key.Close()
	seed, err := key.Seed()
	if err != nil {
		return err
	}
	defer pqrtc.Cleanse(seed)
	if err := os.WriteFile(path, seed, 0o600); err != nil {
		return err
	}
	public, err := key.PublicKey()
	if err != nil {
		return err
	}
	return os.WriteFile(path+".pub", public, 0o644)
}

// hash streams a file into a hasher, which signs or verifies what went through it.
func hash(path string) (*pqrtc.ArtifactHasher, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	hasher, err := pqrtc.NewArtifactHasher(kind)
	if err != nil {
		return nil, err
	}
	if _, err := io.Copy(hasher, file); err != nil {
		hasher.Close()
		return nil, err
	}
	return hasher, nil
}

func sign(keyPath, path string) error {
	seed, err := os.ReadFile(keyPath)
	if err != nil {
		return err
	}
	defer pqrtc.Cleanse(seed)
	key, err := pqrtc.SigningKeyFromSeed(pqrtc.MLDSA65, seed)
	if err != nil {
		return err
	}
	defer key.Close()
	hasher, err := hash(path)
	if err != nil {
		return err
	}
	defer hasher.Close()
	signature, err := hasher.Sign(key)
	if err != nil {
		return err
	}
	return os.WriteFile(path+".sig", signature, 0o644)
}

func verify(publicPath, path string) error {
	public, err := os.ReadFile(publicPath)
	if err != nil {
		return err
	}
	signature, err := os.ReadFile(path + ".sig")
	if err != nil {
		return err
	}
	hasher, err := hash(path)
	if err != nil {
		return err
	}
	defer hasher.Close()
	if err := hasher.Verify(pqrtc.MLDSA65, public, signature); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	fmt.Println(path + ": good signature")
	return nil
}
