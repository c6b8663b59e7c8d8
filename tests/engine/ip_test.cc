#include "engine/ip.h"

#include <gtest/gtest.h>

namespace tripline::engine {
namespace {

TEST(Address, IsReadStrictly) {
  for (const auto* good : {"0.0.0.0", "192.0.2.1", "255.255.255.255", "::", "::1", "2001:db8::1", "::ffff:192.0.2.1",
                           "2001:DB8:0:0:0:0:0:1"}) {
    EXPECT_TRUE(parse_address(good)) << good;
  }
  for (const auto* bad : {"", " 192.0.2.1", "192.0.2.1 ", "192.0.2", "192.0.2.256", "192.0.2.01", "0x7f.0.0.1",
                          "3221225985", "192.0.2.1/32", "fe80::1%eth0", "[::1]", ":::", "2001:db8", "iam.amazonaws.com",
                          "AWS Internal", "1111:2222:3333:4444:5555:6666:123.123.123.1234567890123"}) {
    EXPECT_FALSE(parse_address(bad)) << bad;
  }
  EXPECT_FALSE(parse_address(std::string_view("1.2.3.4\0", 8)));
}

TEST(Address, IsTheSameHoweverItIsWritten) {
  EXPECT_EQ(parse_address("192.0.2.1"), parse_address("::ffff:192.0.2.1"));
  EXPECT_EQ(parse_address("192.0.2.1"), parse_address("::FFFF:C000:201"));
  EXPECT_EQ(parse_address("2001:db8::1"), parse_address("2001:0DB8:0::0001"));
}

TEST(Network, HoldsItsAddressesAlone) {
  const struct {
    const char* network;
    const char* address;
    bool holds;
  } cases[] = {
      {"10.0.0.0/8", "10.255.255.255", true},
      {"10.0.0.0/8", "11.0.0.0", false},
      {"10.0.0.0/8", "::ffff:10.1.2.3", true},
      {"172.16.0.0/12", "172.31.255.255", true},
      {"172.16.0.0/12", "172.32.0.0", false},
      {"192.0.2.7/32", "192.0.2.7", true},
      {"192.0.2.7/32", "192.0.2.6", false},
      {"192.0.2.7", "192.0.2.7", true},
      {"192.0.2.7", "192.0.2.8", false},
      {"192.0.2.6/31", "192.0.2.7", true},
      {"0.0.0.0/0", "203.0.113.9", true},
      {"0.0.0.0/0", "2001:db8::1", false},
      {"::/0", "2001:db8::1", true},
      {"::/0", "203.0.113.9", false},
      {"2001:db8::/32", "2001:db8:ffff::1", true},
      {"2001:db8::/32", "2001:db9::", false},
      {"2001:db8::/33", "2001:db8:8000::", false},
      {"::ffff:10.0.0.0/104", "10.9.9.9", true},
      {"::1", "::1", true},
  };
  for (const auto& c : cases) {
    const auto network = parse_network(c.network);
    const auto address = parse_address(c.address);
    ASSERT_TRUE(network && address) << c.network;
    EXPECT_EQ(network->contains(*address), c.holds) << c.network << ' ' << c.address;
  }
}

TEST(Network, IsReadStrictlyAndWrittenBack) {
  const struct {
    const char* text;
    const char* written;  // nullptr: is no network
  } cases[] = {
      {"10.0.0.0/8", "10.0.0.0/8"},
      {"0.0.0.0/0", "0.0.0.0/0"},
      {"192.0.2.1", "192.0.2.1/32"},
      {"2001:DB8::/32", "2001:db8::/32"},
      {"::/0", "::/0"},
      {"::1", "::1/128"},
      {"::ffff:10.0.0.0/104", "10.0.0.0/8"},
      {"10.0.0.1/8", nullptr},
      {"2001:db8::1/32", nullptr},
      {"10.0.0.0/33", nullptr},
      {"10.0.0.0/08", nullptr},
      {"10.0.0.0/-1", nullptr},
      {"10.0.0.0/+8", nullptr},
      {"10.0.0.0/", nullptr},
      {"10.0.0.0/8 ", nullptr},
      {"10.0.0.0/8/8", nullptr},
      {"10.0.0.0/255.0.0.0", nullptr},
      {"10.0.0.0/99999999999", nullptr},
      {"::/129", nullptr},
      {"10.0.0/8", nullptr},
      {"", nullptr},
      {"/8", nullptr},
  };
  for (const auto& c : cases) {
    const auto network = parse_network(c.text);
    ASSERT_EQ(network.has_value(), c.written != nullptr) << c.text;
    if (network) {
      EXPECT_EQ(format_network(*network), c.written);
    }
  }
}

}  // namespace
}  // namespace tripline::engine
