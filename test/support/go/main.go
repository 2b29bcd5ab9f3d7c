// The ledger as Go's checksum database and transparency.dev read it: one question a line on standard input, one answer a line.
package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"filippo.io/torchwood"
	formats "github.com/transparency-dev/formats/log"
	fnote "github.com/transparency-dev/formats/note"
	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type question struct {
	Kind      string   `json:"kind"`
	Index     uint64   `json:"index"`
	Older     uint64   `json:"older"`
	Size      uint64   `json:"size"`
	Leaf      []byte   `json:"leaf"`
	Root      []byte   `json:"root"`
	OlderRoot []byte   `json:"olderRoot"`
	Proof     [][]byte `json:"proof"`
	Note      string   `json:"note"`
	Origin    string   `json:"origin"`
	Key       string   `json:"key"`
	Witnesses []string `json:"witnesses"`
	Folder    string   `json:"folder"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 0, 1<<16), 1<<24)
	for lines.Scan() {
		var q question
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			panic(err)
		}
		if answer, err := judge(q); err != nil {
			fmt.Println("refuse")
			fmt.Fprintln(os.Stderr, err)
		} else {
			fmt.Println(answer)
		}
	}
}

func judge(q question) (string, error) {
	switch q.Kind {
	case "inclusion":
		return "accept", proof.VerifyInclusion(rfc6962.DefaultHasher, q.Index, q.Size, q.Leaf, q.Proof, q.Root)
	case "consistency":
		return "accept", proof.VerifyConsistency(rfc6962.DefaultHasher, q.Older, q.Size, q.Proof, q.OlderRoot, q.Root)
	case "checkpoint":
		_, err := checkpoint(q)
		return "accept", err
	case "log":
		return "accept", wholeLog(q)
	case "prove":
		return prove(q)
	}
	return "", fmt.Errorf("no such question: %s", q.Kind)
}

// checkpoint opens the note under the log's key, and demands the cosignature of each witness.
func checkpoint(q question) (*formats.Checkpoint, error) {
	verifier, err := note.NewVerifier(q.Key)
	if err != nil {
		return nil, err
	}
	var witnesses []note.Verifier
	for _, key := range q.Witnesses {
		witness, err := fnote.NewVerifierForCosignatureV1(key)
		if err != nil {
			return nil, err
		}
		witnesses = append(witnesses, witness)
	}
	head, _, opened, err := formats.ParseCheckpoint([]byte(q.Note), q.Origin, verifier, witnesses...)
	if err != nil {
		return nil, err
	}
	if len(opened.Sigs) != 1+len(witnesses) {
		return nil, fmt.Errorf("%d signatures are verified", len(opened.Sigs))
	}
	return head, nil
}

// wholeLog computes the root from all entries, and again from the tiles, as two implementations do.
func wholeLog(q question) error {
	head, err := checkpoint(q)
	if err != nil {
		return err
	}
	factory := compact.RangeFactory{Hash: rfc6962.DefaultHasher.HashChildren}
	entries := factory.NewEmptyRange(0)
	for first := uint64(0); first < head.Size; first += 256 {
		width := int(min(256, head.Size-first))
		bundle, err := readTile(q.Folder, tlog.Tile{H: 8, L: -1, N: int64(first / 256), W: width})
		if err != nil {
			return err
		}
		for len(bundle) > 0 {
			var entry []byte
			if entry, bundle, err = torchwood.ReadTileEntry(bundle); err != nil {
				return err
			}
			entries.Append(rfc6962.DefaultHasher.HashLeaf(entry), nil)
		}
	}
	if root, err := entries.GetRootHash(nil); err != nil || entries.End() != head.Size || !bytes.Equal(root, head.Hash) {
		return fmt.Errorf("the entries have another root: %v", err)
	}
	for size := int64(1); size <= int64(head.Size); size += 1 + int64(head.Size)/50 {
		if _, err := tlog.TreeHash(size, tiles(q.Folder, head)); err != nil {
			return err
		}
	}
	return nil
}

// prove answers with the hashes of an inclusion proof, or with those of a consistency proof.
func prove(q question) (string, error) {
	head, err := checkpoint(q)
	if err != nil {
		return "", err
	}
	var hashes []tlog.Hash
	if q.Older > 0 {
		hashes, err = tlog.ProveTree(int64(head.Size), int64(q.Older), tiles(q.Folder, head))
	} else {
		hashes, err = tlog.ProveRecord(int64(head.Size), int64(q.Index), tiles(q.Folder, head))
	}
	var encoded []string
	for _, hash := range hashes {
		encoded = append(encoded, base64.StdEncoding.EncodeToString(hash[:]))
	}
	answer, _ := json.Marshal(encoded)
	return string(answer), err
}

// folder reads tiles where tlog-tiles puts them; tlog itself verifies each against the root.
type folder string

func tiles(path string, head *formats.Checkpoint) tlog.HashReader {
	return tlog.TileHashReader(tlog.Tree{N: int64(head.Size), Hash: tlog.Hash(head.Hash)}, folder(path))
}

func (folder) Height() int { return 8 }

func (folder) SaveTiles([]tlog.Tile, [][]byte) {}

func (f folder) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var data [][]byte
	for _, tile := range wanted {
		bytes, err := readTile(string(f), tile)
		if err != nil {
			return nil, err
		}
		data = append(data, bytes)
	}
	return data, nil
}

func readTile(root string, tile tlog.Tile) ([]byte, error) {
	return os.ReadFile(filepath.Join(root, torchwood.TilePath(tile)))
}
