// SPDX-License-Identifier: Apache-2.0

// Suture v4 with many services, measured once: SCENARIO SHAPE SIZE, as in supervised.cc. It knows no
// dependencies, so the shape is always flat.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/thejerf/suture/v4"
)

type service func(ctx context.Context) error

func (s service) Serve(ctx context.Context) error { return s(ctx) }

func newSupervisor() *suture.Supervisor {
	return suture.New("root", suture.Spec{
		EventHook:        func(suture.Event) {},
		FailureThreshold: 1e18,
		Timeout:          time.Minute,
	})
}

func residentBytes() float64 {
	statm, _ := os.ReadFile("/proc/self/statm")
	pages, _ := strconv.ParseFloat(strings.Fields(string(statm))[1], 64)
	return pages * float64(os.Getpagesize())
}

func threads() int {
	tasks, _ := os.ReadDir("/proc/self/task")
	return len(tasks)
}

func cpu() time.Duration {
	var usage syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

type figures []string

func (f *figures) set(name string, value float64) {
	*f = append(*f, fmt.Sprintf("%q: %.6g", name, value))
}

func startStop(size int, f *figures) {
	before, threadsBefore := residentBytes(), threads()
	var ready sync.WaitGroup
	ready.Add(size)
	ctx, cancel := context.WithCancel(context.Background())
	began, cpuBegan := time.Now(), cpu()
	supervisor := newSupervisor()
	for i := 0; i < size; i++ {
		supervisor.Add(service(func(ctx context.Context) error {
			ready.Done()
			<-ctx.Done()
			return nil
		}))
	}
	f.set("build_ms", ms(time.Since(began)))
	began = time.Now()
	ended := supervisor.ServeBackground(ctx)
	ready.Wait()
	f.set("start_ms", ms(time.Since(began)))
	f.set("start_cpu_ms", ms(cpu()-cpuBegan))
	f.set("bytes_per_node", (residentBytes()-before)/float64(size))
	f.set("threads", float64(threads()-threadsBefore))
	began, cpuBegan = time.Now(), cpu()
	cancel()
	<-ended
	f.set("stop_ms", ms(time.Since(began)))
	f.set("stop_cpu_ms", ms(cpu()-cpuBegan))
}

// One of SIZE + 1 services ends the tree; until the last of the others is told.
func cascade(size int, f *figures) {
	var ready sync.WaitGroup
	ready.Add(size + 1)
	fail := make(chan struct{})
	var failed time.Time
	told := make([]time.Time, size)
	supervisor := newSupervisor()
	supervisor.Add(service(func(ctx context.Context) error {
		ready.Done()
		<-fail
		failed = time.Now()
		return suture.ErrTerminateSupervisorTree
	}))
	for i := 0; i < size; i++ {
		i := i
		supervisor.Add(service(func(ctx context.Context) error {
			ready.Done()
			<-ctx.Done()
			told[i] = time.Now()
			return nil
		}))
	}
	ended := supervisor.ServeBackground(context.Background())
	ready.Wait()
	close(fail)
	<-ended
	last := failed
	for _, t := range told {
		if t.After(last) {
			last = t
		}
	}
	f.set("told_ms", ms(last.Sub(failed)))
}

func restart(size int, f *figures) {
	var failures int64
	done := make(chan struct{})
	var began time.Time
	var cpuBegan time.Duration
	ctx, cancel := context.WithCancel(context.Background())
	supervisor := newSupervisor()
	supervisor.Add(service(func(ctx context.Context) error {
		n := atomic.AddInt64(&failures, 1)
		if n == 1 {
			began, cpuBegan = time.Now(), cpu()
		}
		if n <= int64(size) {
			return errors.New("restless")
		}
		close(done)
		<-ctx.Done()
		return nil
	}))
	ended := supervisor.ServeBackground(ctx)
	<-done
	f.set("restart_us", ms(time.Since(began))*1e3/float64(size))
	f.set("restart_cpu_us", ms(cpu()-cpuBegan)*1e3/float64(size))
	cancel()
	<-ended
}

func main() {
	var f figures
	size := 0
	if len(os.Args) == 4 {
		size, _ = strconv.Atoi(os.Args[3])
	}
	run := map[string]func(int, *figures){"start_stop": startStop, "cascade": cascade, "restart": restart}
	if size <= 0 || run[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: suture start_stop|cascade|restart SHAPE SIZE")
		os.Exit(64)
	}
	run[os.Args[1]](size, &f)
	fmt.Printf("{%s}\n", strings.Join(f, ", "))
}
