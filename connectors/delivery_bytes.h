#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/inflate.h"
#include "connectors/limits.h"
#include "engine/envelope.h"
#include "engine/result.h"

namespace tripline::connectors {

/// The bytes of a delivery (its body, its file, or stdin) with every level of gzip taken off, within Limits.
/// Threads: one at a time. Borrows the Envelope and the Limits, which outlive it.
class DeliveryBytes {
 public:
  DeliveryBytes(const engine::Envelope& envelope, const Limits& limits);
  ~DeliveryBytes();
  DeliveryBytes(const DeliveryBytes&) = delete;
  DeliveryBytes& operator=(const DeliveryBytes&) = delete;

  /// kIo: the file cannot be opened or read. To be called once, first.
  engine::Result<void> open();

  /// How many bytes the first read() should ask for so that a small file comes at once and fast.
  std::size_t first_read() const { return whole_ ? whole_size_ : 0; }

  /// Fills `to` and returns how much; less than `size` only at the end. kIo: the file cannot be read.
  engine::Result<std::size_t> read(char* to, std::size_t size);

  /// What is wrong with the gzip, once the end was reached: it is truncated or damaged, or a limit ended it.
  const std::optional<engine::Error>& trouble() const { return trouble_; }

  /// Bytes of the delivery as it is stored, read so far.
  std::uint64_t stored_bytes() const { return stored_; }

 private:
  engine::Result<std::size_t> read_stored(char* to, std::size_t size);
  engine::Result<std::size_t> read_level(std::size_t level, char* to, std::size_t size);
  engine::Result<void> peel();
  engine::Error io_error(const char* what) const;

  const engine::Envelope& envelope_;
  const Limits& limits_;
  int file_ = -1;
  std::uint64_t stored_ = 0;
  std::uint64_t inflated_left_;  // that Limits still allow

  std::string compressed_;  // a small compressed file as a whole
  std::string_view body_;   // stored bytes in memory that were not read yet
  bool in_memory_ = false;  // the body is all there is; else the file goes on behind it
  bool whole_ = false;      // body_ may be one gzip member of whole_size_ bytes
  std::size_t whole_size_ = 0;

  std::vector<std::unique_ptr<GzipStream>> levels_;  // the outermost first
  std::string begin_;                                // first bytes of the innermost level, looked at and not given yet
  std::size_t begin_given_ = 0;
  std::optional<engine::Error> trouble_;
};

}  // namespace tripline::connectors
