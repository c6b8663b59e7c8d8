#pragma once

#include <string>
#include <vector>

#include "app/console.h"

namespace tripline::app {

// The commands' ways in, each in the file of its name.

int run_serve(std::vector<std::string> words, Console& console);
int run_scan(std::vector<std::string> words, Console& console);
int run_learn(std::vector<std::string> words, Console& console);
int run_store(std::vector<std::string> words, Console& console);
int run_search(std::vector<std::string> words, Console& console);
int run_fields(std::vector<std::string> words, Console& console);
int run_check(std::vector<std::string> words, Console& console);
int run_test(std::vector<std::string> words, Console& console);
int run_explain(std::vector<std::string> words, Console& console);
int run_timeline(std::vector<std::string> words, Console& console);
int run_send(std::vector<std::string> words, Console& console);
int run_rules(std::vector<std::string> words, Console& console);
int run_config(std::vector<std::string> words, Console& console);
int run_sink(std::vector<std::string> words, Console& console);
int run_silence(std::vector<std::string> words, Console& console);
int run_route(std::vector<std::string> words, Console& console);
int run_outbox(std::vector<std::string> words, Console& console);
int run_status(std::vector<std::string> words, Console& console);

}  // namespace tripline::app
