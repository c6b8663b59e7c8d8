// Runs one fuzz target over every file of the folders given: what fuzzing kept becomes an ordinary test.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int main(int argc, char** argv) {
  std::size_t files = 0;
  for (int i = 1; i < argc; ++i) {
    if (!std::filesystem::is_directory(argv[i])) {
      std::cerr << argv[i] << ": no such folder; a fuzz target keeps at least one input there\n";
      return 1;
    }
    for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[i])) {
      if (!entry.is_regular_file()) continue;
      // Named before it is run, so that a crash shows which input it was.
      std::cout << entry.path().filename().string() << std::endl;
      std::ifstream in(entry.path(), std::ios::binary);
      const std::vector<char> bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
      // A copy of its exact size, so that the address sanitizer sees a read past its end; never null, as in libFuzzer.
      const auto input = std::make_unique<std::uint8_t[]>(bytes.size());
      std::copy(bytes.begin(), bytes.end(), input.get());
      LLVMFuzzerTestOneInput(input.get(), bytes.size());
      ++files;
    }
  }
  if (files == 0) {
    std::cerr << "no inputs: a test that runs nothing proves nothing\n";
    return 1;
  }
  std::cout << files << " inputs\n";
}
