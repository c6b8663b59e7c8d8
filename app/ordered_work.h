#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "engine/source.h"

namespace tripline::app {

/// Works on a Source's Envelopes on several threads, each Envelope wholly on one, and gives the parts that come of them
/// to `consume` on the calling thread in the Envelopes' order, so that the result does not depend on `threads`.
///
/// `make_worker()` is called once per thread and gives `work(const Envelope&, emit)`, which calls `emit(Part)` as often
/// as it likes. Memory: a worker that is ahead of the order waits once kPartsAhead of its parts are held back.
/// `consume(const Envelope&, Part&&)`; `finished(const Envelope&)` after the last part of each. An error of the Source
/// ends the work and is returned; an exception of a worker or of `consume` ends it and is thrown here.
template <class Part>
class OrderedWork {
 public:
  using Emit = std::function<void(Part)>;
  using Worker = std::function<void(const engine::Envelope&, const Emit&)>;

  static constexpr std::size_t kPartsAhead = 4;

  template <class MakeWorker, class Consume, class Finished>
  static engine::Result<void> run(engine::Source& source, unsigned threads, MakeWorker make_worker, Consume consume,
                                  Finished finished) {
    if (threads > 1) return OrderedWork(source).run_threads(threads, make_worker, consume, finished);
    const Worker work = make_worker();
    while (true) {
      auto envelope = source.next();
      if (!envelope) return envelope.error();
      if (!*envelope) return {};
      work(**envelope, [&](Part part) { consume(**envelope, std::move(part)); });
      finished(**envelope);
    }
  }

 private:
  struct Task {
    engine::Envelope envelope;
    std::deque<Part> parts;
    bool done = false;
  };
  struct Stopped {};

  explicit OrderedWork(engine::Source& source) : source_(source) {}

  template <class MakeWorker, class Consume, class Finished>
  engine::Result<void> run_threads(unsigned threads, MakeWorker make_worker, Consume consume, Finished finished) {
    std::vector<std::jthread> workers;
    for (unsigned i = 0; i < threads; ++i) workers.emplace_back([this, &make_worker] { work_loop(make_worker); });
    try {
      consume_loop(consume, finished, threads);
    } catch (...) {
      stop(std::current_exception());
    }
    workers.clear();  // joins
    if (exception_) std::rethrow_exception(exception_);
    if (error_) return *error_;
    return {};
  }

  template <class MakeWorker>
  void work_loop(MakeWorker& make_worker) {
    try {
      const Worker work = make_worker();
      while (Task* task = take()) {
        work(task->envelope, [this, task](Part part) { hold(*task, std::move(part)); });
        const std::lock_guard lock(mutex_);
        task->done = true;
        changed_.notify_all();
      }
    } catch (const Stopped&) {
    } catch (...) {
      stop(std::current_exception());
    }
    const std::lock_guard lock(mutex_);
    ++idle_;
    changed_.notify_all();
  }

  Task* take() {
    const std::lock_guard lock(mutex_);
    if (stopped_ || ended_) return nullptr;
    auto envelope = source_.next();
    if (!envelope) error_ = envelope.error();
    if (!envelope || !*envelope) {
      ended_ = true;
      return nullptr;
    }
    return &tasks_.emplace_back(Task{std::move(**envelope), {}, false});
  }

  void hold(Task& task, Part part) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return stopped_ || task.parts.size() < kPartsAhead; });
    if (stopped_) throw Stopped{};
    task.parts.push_back(std::move(part));
    changed_.notify_all();
  }

  template <class Consume, class Finished>
  void consume_loop(Consume& consume, Finished& finished, unsigned threads) {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [&] {
        return stopped_ || (tasks_.empty() ? idle_ == threads : tasks_.front().done || !tasks_.front().parts.empty());
      });
      if (stopped_ || tasks_.empty()) return;
      Task& task = tasks_.front();
      if (!task.parts.empty()) {
        Part part = std::move(task.parts.front());
        task.parts.pop_front();
        changed_.notify_all();
        lock.unlock();
        consume(task.envelope, std::move(part));
        lock.lock();
      } else {
        lock.unlock();
        finished(task.envelope);
        lock.lock();
        tasks_.pop_front();
      }
    }
  }

  void stop(std::exception_ptr exception) {
    const std::lock_guard lock(mutex_);
    if (!exception_) exception_ = exception;
    stopped_ = true;
    changed_.notify_all();
  }

  engine::Source& source_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> tasks_;  // in order; the front one is being consumed
  bool ended_ = false;
  bool stopped_ = false;
  unsigned idle_ = 0;
  std::optional<engine::Error> error_;
  std::exception_ptr exception_;
};

}  // namespace tripline::app
