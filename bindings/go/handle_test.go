package pqrtc

import (
	"errors"
	"runtime"
	"sync"
	"testing"
	"time"
)

type object struct{ h handle[*int] }

func newObject(free func(*int)) *object {
	o := new(object)
	o.h.init(new(int), free)
	return o
}

func TestDroppedObjectIsFreed(t *testing.T) {
	freed := make(chan bool, 2)
	newObject(func(*int) { freed <- true })
	for range 100 {
		runtime.GC()
		select {
		case <-freed:
			return
		case <-time.After(50 * time.Millisecond):
		}
	}
	t.Fatal("an object that nobody holds was not freed")
}

func TestCloseFreesOnce(t *testing.T) {
	var frees int
	o := newObject(func(*int) { frees++ })
	for range 3 {
		if err := o.h.close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := o.h.acquire(); !errors.Is(err, ErrClosed) {
		t.Errorf("acquire after close: %v", err)
	}
	if _, err := o.h.acquireExclusive(); !errors.Is(err, ErrClosed) {
		t.Errorf("exclusive acquire after close: %v", err)
	}
	o = nil
	for range 5 { // the cleanup was stopped: nothing frees a second time
		runtime.GC()
		time.Sleep(time.Millisecond)
	}
	if frees != 1 {
		t.Errorf("freed %d times", frees)
	}
}

func TestCloseWaitsForCalls(t *testing.T) {
	freed := make(chan bool, 1)
	o := newObject(func(*int) { freed <- true })
	if _, err := o.h.acquire(); err != nil {
		t.Fatal(err)
	}
	var closing sync.WaitGroup
	closing.Add(1)
	go func() { defer closing.Done(); o.h.close() }()
	time.Sleep(20 * time.Millisecond)
	select {
	case <-freed:
		t.Fatal("freed under a call in progress")
	default:
	}
	o.h.release()
	closing.Wait()
	<-freed
}

func TestZeroValueIsClosed(t *testing.T) {
	var s Session
	if _, err := s.Key(); !errors.Is(err, ErrClosed) {
		t.Errorf("zero Session: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("closing a zero Session: %v", err)
	}
}
