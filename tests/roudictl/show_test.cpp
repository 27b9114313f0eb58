// SPDX-License-Identifier: Apache-2.0
#include "show/show.hpp"

#include "catch.hpp"

using Catch::Matchers::Contains;
using roudictl::Json;
using roudictl::Style;

namespace {

const Style unstyled{false};

const auto publisher = Json::parse(R"({
    "id": "aa", "kind": "publisher", "name": "", "service": "camera/front", "node": "01",
    "node_name": "grabber", "pid": 4711, "settings": {"max_loaned_samples": 2},
    "counters": {"sent": 12, "delivered": 24, "lost": 0, "blocked": 1, "loaned": 1, "bytes": 12582912, "cut": 0},
    "data_size": 50331648,
    "connections": [{"id": "c1", "peer_port": "bb", "peer_pid": 4712, "peer_node_name": "viewer",
                     "buffer_size": 2, "queue_depth": 1}]})");

const auto subscriber = Json::parse(R"({
    "id": "bb", "kind": "subscriber", "name": "left", "service": "camera/front", "node": "02",
    "node_name": "viewer", "pid": 4712, "settings": {"buffer_size": 2},
    "counters": {"received": 11, "lost": 3, "history": 0, "borrowed": 1, "bytes": 1536, "cut": 0},
    "connections": [{"id": "c1", "peer_port": "aa", "peer_pid": 4711, "peer_node_name": "grabber",
                     "buffer_size": 2, "queue_depth": 2}]})");

}  // namespace

TEST_CASE("status names the broker, who uses it up, and what went wrong") {
    const auto answer = Json::parse(R"({
        "broker": {"version": "0.1.0", "pid": 99, "uid": 990, "user": "roudi", "embedded": false,
                   "socket": "/run/roudi/roudi.sock", "started_at": "2026-01-02T03:04:05Z", "uptime_s": 185,
                   "separated": true, "protocol": {"lowest": 1, "highest": 1}},
        "totals": {"sessions": 3, "nodes": 2, "services": 1, "ports": 2, "connections": 1, "segments": 4,
                   "segment_bytes": 52428800, "descriptors": 12},
        "users": [{"uid": 1000, "user": "ada", "sessions": 3, "nodes": 2, "services": 1, "ports": 2,
                   "connections": 1, "segment_bytes": 52428800, "descriptors": 12}],
        "ended": [{"at": "2026-01-02T03:05:00Z", "pid": 7, "uid": 1000, "node": "fuzz", "reason": "not a frame"}],
        "cut": []})");
    CHECK(show_status(answer, unstyled) ==
          "Broker     roudi 0.1.0, pid 99\n"
          "User       roudi (uid 990)\n"
          "Socket     /run/roudi/roudi.sock\n"
          "Running    3 min 5 s, since 2026-01-02T03:04:05Z\n"
          "Protocol   1\n"
          "Separated  yes, broker and clients are different users\n"
          "\n"
          "USER   SESSIONS  NODES  SERVICES  PORTS  CONNECTIONS  MEMORY  DESCRIPTORS\n"
          "ada           3      2         1      2            1  50 MiB           12\n"
          "total         3      2         1      2            1  50 MiB           12\n"
          "\n"
          "Sessions that the broker ended:\n"
          "ENDED AT              PID  UID   NODE  REASON\n"
          "2026-01-02T03:05:00Z  7    1000  fuzz  not a frame\n");
}

TEST_CASE("status of a broker that was restarted tells what it took back, and what not") {
    const auto answer = Json::parse(R"({
        "broker": {"version": "0.1.0", "pid": 99, "restarts": 2},
        "totals": {}, "users": [], "ended": [], "cut": [],
        "readopted": {"nodes": 3, "services": 4, "ports": 5, "connections": 6, "handed_over": 1, "dropped": 0,
                      "waiting": 2},
        "not_readopted": [{"at": "2026-01-02T03:05:00Z", "pid": 7, "uid": 1000, "node": "late",
                           "what": "service \"S\"", "reason": "it exists"}]})");
    const auto shown = show_status(answer, unstyled);
    CHECK_THAT(shown, Contains("restarted 2 times"));
    CHECK_THAT(shown,
               Contains("3 nodes, 4 services, 5 ports, 6 connections; handed over 1, dropped 0, waiting "
                        "for their other half 2."));
    CHECK_THAT(shown, Contains("2026-01-02T03:05:00Z  7    1000  late  service \"S\"  it exists"));
}

TEST_CASE("services are a line each, with their payload in units for people") {
    const auto answer = Json::parse(R"({"services": [
        {"name": "camera/front", "pattern": "publish_subscribe", "hash": "0f",
         "payload": {"name": "Frame", "size": 4194304, "alignment": 64, "variant": "fixed_size"},
         "publishers": 1, "subscribers": 2, "nodes": 3}]})");
    CHECK(show_services(answer, unstyled) ==
          "SERVICE       PATTERN            PAYLOAD   SIZE  PUBLISHERS  SUBSCRIBERS  NODES\n"
          "camera/front  publish_subscribe  Frame    4 MiB           1            2      3\n");
    CHECK_THAT(show_services(Json::parse(R"({"services": []})"), unstyled), Contains("No services."));
}

TEST_CASE("services of each pattern have a table with what belongs to it") {
    const auto answer = Json::parse(R"({"services": [
        {"name": "alarm", "pattern": "event", "hash": "0e", "notifiers": 2, "listeners": 1, "nodes": 3},
        {"name": "camera", "pattern": "publish_subscribe", "hash": "0f", "payload": {"name": "u8", "size": 1},
         "publishers": 1, "subscribers": 0, "nodes": 1},
        {"name": "oracle", "pattern": "seance", "hash": "10", "nodes": 13},
        {"name": "sum", "pattern": "request_response", "hash": "11", "request": {"name": "Terms", "size": 16},
         "response": {"name": "u64", "size": 8}, "clients": 3, "servers": 1, "nodes": 2}]})");
    CHECK(show_services(answer, unstyled) ==
          "SERVICE  PATTERN  NOTIFIERS  LISTENERS  NODES\n"
          "alarm    event            2          1      3\n"
          "\n"
          "SERVICE  PATTERN            PAYLOAD  SIZE  PUBLISHERS  SUBSCRIBERS  NODES\n"
          "camera   publish_subscribe  u8        1 B           1            0      1\n"
          "\n"
          "SERVICE  PATTERN           REQUEST  RESPONSE  CLIENTS  SERVERS  NODES\n"
          "sum      request_response  Terms    u64             3        1      2\n"
          "\n"
          "SERVICE  PATTERN  NODES\n"
          "oracle   seance      13\n");
}

TEST_CASE("an event service is shown with what it is set to, and what it is not") {
    const auto answer = Json::parse(R"({"services": [
        {"name": "alarm", "pattern": "event", "hash": "0e", "notifiers": 1, "listeners": 1,
         "settings": {"event_id_max_value": 255, "deadline_ns": 7000000, "notifier_dead_event": null},
         "creator": {"pid": 4711, "uid": 1000, "node": "guard"}, "nodes": [],
         "ports": [{"id": "aa", "kind": "notifier", "name": "", "service": "alarm", "node_name": "guard",
                    "pid": 4711, "counters": {"delivered": 4, "late": 1, "notified": 5, "woken": 2},
                    "connections": [{"id": "c1", "queue_depth": 3}]}]}]})");
    const auto text = show_service(answer, unstyled);
    CHECK_THAT(text, !Contains("Payload") && !Contains("User header"));
    CHECK_THAT(text, Contains("  event id max value   255\n"));
    CHECK_THAT(text, Contains("  deadline             7 ms\n"));
    CHECK_THAT(text, Contains("  notifier dead event  none\n"));
    CHECK_THAT(text,
               Contains("NOTIFIER OF  NODE    PID  NOTIFIED  DELIVERED  WOKEN  LATE  CONNECTIONS  QUEUED\n"
                        "alarm        guard  4711         5          4      2     1            1       3\n"));
}

TEST_CASE("a request-response service is shown with both its types and what is under way") {
    const auto answer = Json::parse(R"({"services": [
        {"name": "sum", "pattern": "request_response", "hash": "11", "clients": 1, "servers": 1,
         "request": {"name": "Terms", "size": 16, "alignment": 8, "variant": "fixed_size"},
         "response": {"name": "u64", "size": 8, "alignment": 8, "variant": "fixed_size"},
         "settings": {"request": {"name": "Terms", "size": 16, "alignment": 8, "variant": "fixed_size"},
                      "request_header": null,
                      "request_schema": {"format": "idl", "text": "Terms {\n\ta;\n}"}, "response_schema": null,
                      "response": {"name": "u64", "size": 8, "alignment": 8, "variant": "fixed_size"},
                      "response_header": {"name": "Stamp", "size": 4, "alignment": 4, "variant": "fixed_size"},
                      "fire_and_forget": true, "max_active_requests_per_client": 4},
         "active_requests": 2,
         "creator": {"pid": 4711, "uid": 1000, "node": "adder"}, "nodes": [{"id": "01", "name": "adder", "pid": 4711}],
         "ports": [
            {"id": "aa", "kind": "client", "name": "", "service": "sum", "node_name": "asker", "pid": 4712,
             "counters": {"active": 2, "blocked": 0, "bytes": 184, "cut": 0, "delivered": 9, "loaned": 0,
                          "lost": 0, "missed": 1, "received": 5, "sent": 9},
             "connections": [{"id": "c1", "buffer_size": 4, "queue_depth": 1}]},
            {"id": "bb", "kind": "server", "name": "", "service": "sum", "node_name": "adder", "pid": 4711,
             "counters": {"active": 1, "blocked": 0, "bytes": 176, "cut": 0, "delivered": 6, "dropped": 1, "ended": 1,
                          "loaned": 0, "lost": 0, "received": 8, "returned": 7, "sent": 8},
             "connections": [{"id": "c1", "buffer_size": 4, "queue_depth": 1}]}]}]})");
    const auto text = show_service(answer, unstyled);
    CHECK_THAT(text, Contains("Request          Terms, 16 B, alignment 8\n"
                              "Request header   none\n"
                              "Request schema   idl, 13 B\n"
                              "Response         u64, 8 B, alignment 8\n"
                              "Response header  Stamp, 4 B, alignment 4\n"
                              "Response schema  none\n"
                              "Active requests  2\n"));
    CHECK(show_schemas(answer, unstyled) == "Request schema, idl:\nTerms {\n\ta;\n}\n");
    CHECK_THAT(text, Contains("Settings\n"
                              "  fire and forget                 yes\n"
                              "  max active requests per client  4\n"
                              "\n"));
    CHECK_THAT(text,
               Contains("CLIENT OF  NODE    PID  ACTIVE  SENT  DELIVERED  RECEIVED  LOST  MISSED  BLOCKED  "
                        "LOANED  BYTES  CONNECTIONS  QUEUED\n"
                        "sum        asker  4712       2     9          9         5     0       1        0  "
                        "     0  184 B            1     1/4\n"));
    CHECK_THAT(text,
               Contains("SERVER OF  NODE    PID  ACTIVE  SENT  DELIVERED  RECEIVED  LOST  DROPPED  ENDED  "
                        "BLOCKED  LOANED  BYTES  CONNECTIONS  QUEUED\n"
                        "sum        adder  4711       1     8          6         8     0        1      1  "
                        "      0       0  176 B            1     1/4\n"));
}

TEST_CASE("a service is shown with its settings, nodes and ports") {
    auto answer = Json::parse(R"({"services": [
        {"name": "camera/front", "pattern": "publish_subscribe", "hash": "0f",
         "payload": {"name": "Frame", "size": 4194304, "alignment": 64, "variant": "fixed_size"},
         "publishers": 1, "subscribers": 1, "user_header": null,
         "settings": {"safe_overflow": true, "subscriber_max_buffer_size": 2, "payload_schema": null},
         "attributes": [{"key": "maker", "value": "ACME"}, {"key": "a\nb", "value": "\u001b[31m"}],
         "creator": {"pid": 4711, "uid": 1000, "node": "grabber"},
         "nodes": [{"id": "01", "name": "grabber", "pid": 4711}]}]})");
    answer["services"][0]["ports"] = Json::array({publisher, subscriber});
    const auto text = show_service(answer, unstyled);
    CHECK_THAT(text, Contains("Payload      Frame, 4 MiB, alignment 64\n"));
    CHECK_THAT(text, Contains("User header  none\n"));
    CHECK_THAT(text, Contains("Created by   grabber (pid 4711, uid 1000)\n"));
    CHECK_THAT(text, Contains("subscriber max buffer size  2\n"));
    CHECK_THAT(text, Contains("safe overflow               yes\n"));
    CHECK_THAT(text, Contains("Schema       none\n") && !Contains("payload schema"));
    CHECK_THAT(text, Contains("Attributes\n  maker  ACME\n  a\\nb   \\u{1B}[31m\n\n"));
    CHECK_THAT(text, Contains("PUBLISHER OF"));
    CHECK(show_schemas(answer, unstyled) == "Whoever created the service said nothing of its types.\n");
}

TEST_CASE("ports have a table for each kind, with the counters that kind has") {
    auto answer = Json::object();
    answer["ports"] = Json::array({subscriber, publisher});
    CHECK(show_ports(answer, unstyled) ==
          "PUBLISHER OF  NODE      PID  SENT  DELIVERED  LOST  BLOCKED  LOANED   BYTES  CONNECTIONS  "
          "QUEUED\n"
          "camera/front  grabber  4711    12         24     0        1       1  12 MiB            1     "
          "1/2\n"
          "\n"
          "SUBSCRIBER OF  NAME  NODE     PID  RECEIVED  LOST  HISTORY  BORROWED    BYTES  CONNECTIONS  "
          "QUEUED\n"
          "camera/front   left  viewer  4712        11     3        0         1  1.5 KiB            1   "
          "  2/2\n");
}

TEST_CASE("nodes are a line each, and a node shows what it has open") {
    auto answer = Json::parse(R"({"nodes": [
        {"id": "01", "name": "grabber", "pid": 4711, "uid": 1000, "user": "ada", "library_version": "0.1.0",
         "services": 1, "ports": 1, "membarrier": {"registered": true, "available": true}}]})");
    CHECK(show_nodes(answer, unstyled) ==
          "NODE      PID  USER        LIBRARY  SERVICES  PORTS  MEMBARRIER  ID\n"
          "grabber  4711  ada (1000)  0.1.0           1      1  yes         01\n");
    answer["nodes"][0]["open_services"] = Json::array({"camera/front"});
    answer["nodes"][0]["port_list"] = Json::array({publisher});
    const auto text = show_node(answer, unstyled);
    CHECK_THAT(text, Contains("Library     0.1.0\n"));
    CHECK_THAT(text, Contains("OPEN SERVICES\ncamera/front\n"));
    CHECK_THAT(text, Contains("PUBLISHER OF"));
}

TEST_CASE("the configuration is shown with where each value came from") {
    const auto answer =
        Json::parse(R"({"config": {"log": {"level": "info"}, "socket": "/run/roudi/roudi.sock"},
        "sources": {"log.level": "environment ROUDI_LOG_LEVEL", "socket": "default"}})");
    CHECK(show_config(answer, unstyled) ==
          "KEY        VALUE                  FROM\n"
          "log.level  info                   environment ROUDI_LOG_LEVEL\n"
          "socket     /run/roudi/roudi.sock  default\n");
}

TEST_CASE("an answer of another version leaves gaps, and nothing worse") {
    for (const auto* text :
         {"{}", "[]", "null", R"({"services": 1, "nodes": {"a": 2}, "ports": [1, null, "x"]})",
          R"({"services": [null, 7], "broker": [], "totals": "?", "config": []})"}) {
        const auto answer = Json::parse(text);
        CHECK_FALSE(show_status(answer, unstyled).empty());
        CHECK_FALSE(show_services(answer, unstyled).empty());
        CHECK_FALSE(show_ports(answer, unstyled).empty());
        CHECK_FALSE(show_nodes(answer, unstyled).empty());
        CHECK_FALSE(show_config(answer, unstyled).empty());
        show_service(answer, unstyled);
        show_node(answer, unstyled);
    }
}
