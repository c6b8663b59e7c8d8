#pragma once

#include <condition_variable>
#include <functional>
#include <future>
#include <mutex>
#include <utility>
#include <vector>

namespace tripline::app {

/// What other threads want done on one, and wait for. It works under the mutex and the condition of the object whose
/// thread that is, which are borrowed.
class ThreadTasks {
 public:
  using Task = std::function<void()>;

  ThreadTasks(std::mutex& mutex, std::condition_variable& changed) : mutex_(mutex), changed_(changed) {}

  /// From another thread: has it done there, and waits. False: that thread has not begun, or has ended.
  bool run(const Task& task) {
    std::promise<void> done;
    {
      const std::lock_guard lock(mutex_);
      if (!takes_) return false;
      tasks_.push_back([&] {
        task();
        done.set_value();
      });
      changed_.notify_all();
    }
    done.get_future().wait();
    return true;
  }

  /// From here on there is such a thread.
  void open() {
    const std::lock_guard lock(mutex_);
    takes_ = true;
  }

  // On that thread.

  /// Under the mutex.
  bool empty() const { return tasks_.empty(); }
  /// Under the mutex: what is to be done, once it is let go.
  std::vector<Task> take() { return std::exchange(tasks_, {}); }
  /// Does what is left, and takes no more.
  void close() {
    for (;;) {
      std::vector<Task> left;
      {
        const std::lock_guard lock(mutex_);
        left = take();
        takes_ = !left.empty();
        if (!takes_) return;
      }
      for (const Task& task : left) task();
    }
  }

 private:
  std::mutex& mutex_;
  std::condition_variable& changed_;
  std::vector<Task> tasks_;
  bool takes_ = false;
};

}  // namespace tripline::app
