#pragma once

#include <ctime>
#include <string>

#include "connectors/net/http_message.h"

namespace tripline::connectors::net {

/// What the connection adds to an answer.
struct AnswerFraming {
  bool keep_alive = true;
  bool http_1_0 = false;  // where keeping alive has to be said
  std::time_t now = 0;    // for Date, which clients of AWS set their clocks by
};

/// Whether the answer can be sent: a status from 200 to 599, and headers that hold no line ends or other control
/// characters, whoever they came from.
bool is_sendable(const HttpResponse& answer);

/// Status line and headers, with the empty line (RFC 9112, 4; RFC 9110, 6.6.1). Headers that frame the message are the
/// connection's own: those of them that the answer has are left out. Requires is_sendable().
std::string answer_head(const HttpResponse& answer, const AnswerFraming& framing);

/// Whether an answer of that status has a body, be it empty.
constexpr bool has_body(int status) { return status != 204 && status != 304; }

}  // namespace tripline::connectors::net
