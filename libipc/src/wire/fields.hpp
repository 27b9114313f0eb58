// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "wire/messages.hpp"

// The members of every message, once for both directions: a visitor that writes JSON, or one that reads it.
namespace ipc::wire {

template <class V>
void fields(V& v, TypeDetail& m) {
    v("name", m.name), v("size", m.size), v("alignment", m.alignment), v("variant", m.variant);
    v("layout", m.layout);
}

template <class V>
void fields(V& v, Attribute& m) {
    v("key", m.key), v("value", m.value);
}

template <class V>
void fields(V& v, AskedAttributes& m) {
    v("attributes", m.attributes), v("keys", m.keys);
}

template <class V>
void fields(V& v, Schema& m) {
    v("format", m.format), v("text", m.text);
}

// What a service is set to, and what somebody who opens it may want of that: the same members, optional
// there.
template <class V, class Message>
void publish_subscribe_limits(V& v, Message& m) {
    v("safe_overflow", m.safe_overflow), v("timestamps", m.timestamps), v("latched", m.latched);
    v("kept_ns", m.kept_ns), v("history_size", m.history_size);
    v("subscriber_max_buffer_size", m.subscriber_max_buffer_size);
    v("subscriber_max_borrowed_samples", m.subscriber_max_borrowed_samples);
    v("max_publishers", m.max_publishers), v("max_subscribers", m.max_subscribers),
        v("max_nodes", m.max_nodes);
    v("payload_alignment", m.payload_alignment);
}

template <class V>
void fields(V& v, PublishSubscribeSettings& m) {
    v("payload", m.payload), v("user_header", m.user_header), v("payload_schema", m.payload_schema);
    publish_subscribe_limits(v, m);
}

template <class V>
void fields(V& v, PublishSubscribeRequirements& m) {
    publish_subscribe_limits(v, m);
}

template <class V>
void fields(V& v, PublishSubscribeRequest& m) {
    v("settings", m.settings), v("requirements", m.requirements);
}

template <class V>
void fields(V& v, PublisherSettings& m) {
    v("max_loaned_samples", m.max_loaned_samples), v("backpressure", m.backpressure);
    v("max_slice_len", m.max_slice_len), v("huge_pages", m.huge_pages);
    v("allocation", m.allocation);
}

template <class V>
void fields(V& v, SubscriberSettings& m) {
    v("buffer_size", m.buffer_size), v("history_request", m.history_request);
}

template <class V>
void fields(V& v, DeliveryConnection& m) {
    v("buffer_size", m.buffer_size), v("max_borrowed", m.max_borrowed);
    v("history_request", m.history_request);
}

// As above.
template <class V, class Message>
void event_limits(V& v, Message& m) {
    v("event_id_max_value", m.event_id_max_value);
    v("max_notifiers", m.max_notifiers), v("max_listeners", m.max_listeners), v("max_nodes", m.max_nodes);
    v("deadline_ns", m.deadline_ns), v("notifier_created_event", m.notifier_created_event);
    v("notifier_dropped_event", m.notifier_dropped_event), v("notifier_dead_event", m.notifier_dead_event);
}

template <class V>
void fields(V& v, EventSettings& m) {
    event_limits(v, m);
}

template <class V>
void fields(V& v, EventRequirements& m) {
    event_limits(v, m);
}

template <class V>
void fields(V& v, EventRequest& m) {
    v("settings", m.settings), v("requirements", m.requirements);
}

template <class V>
void fields(V& v, NotifierSettings& m) {
    v("default_event_id", m.default_event_id);
}

template <class V>
void fields(V&, ListenerSettings&) {}

template <class V>
void fields(V& v, EventConnection& m) {
    v("event_id_max_value", m.event_id_max_value);
}

// As above.
template <class V, class Message>
void request_response_limits(V& v, Message& m) {
    v("request_overflow", m.request_overflow), v("response_overflow", m.response_overflow);
    v("fire_and_forget", m.fire_and_forget);
    v("max_active_requests_per_client", m.max_active_requests_per_client);
    v("max_loaned_requests", m.max_loaned_requests);
    v("max_response_buffer_size", m.max_response_buffer_size);
    v("max_borrowed_responses_per_pending_response", m.max_borrowed_responses_per_pending_response);
    v("max_clients", m.max_clients), v("max_servers", m.max_servers), v("max_nodes", m.max_nodes);
    v("request_alignment", m.request_alignment), v("response_alignment", m.response_alignment);
}

template <class V>
void fields(V& v, RequestResponseSettings& m) {
    v("request", m.request), v("request_header", m.request_header);
    v("response", m.response), v("response_header", m.response_header);
    v("request_schema", m.request_schema), v("response_schema", m.response_schema);
    request_response_limits(v, m);
}

template <class V>
void fields(V& v, RequestResponseRequirements& m) {
    request_response_limits(v, m);
}

template <class V>
void fields(V& v, RequestResponseRequest& m) {
    v("settings", m.settings), v("requirements", m.requirements);
}

template <class V>
void fields(V& v, ClientSettings& m) {
    v("backpressure", m.backpressure), v("max_slice_len", m.max_slice_len), v("huge_pages", m.huge_pages);
    v("allocation", m.allocation);
}

template <class V>
void fields(V& v, ServerSettings& m) {
    v("max_loaned_responses_per_request", m.max_loaned_responses_per_request);
    v("backpressure", m.backpressure), v("max_slice_len", m.max_slice_len), v("huge_pages", m.huge_pages);
    v("allocation", m.allocation);
}

template <class V>
void fields(V& v, RequestConnection& m) {
    v("active_requests", m.active_requests), v("response_buffer_size", m.response_buffer_size);
    v("borrowed_responses", m.borrowed_responses);
}

template <class V>
void fields(V& v, Hello& m) {
    v("lowest_protocol", m.lowest_protocol), v("highest_protocol", m.highest_protocol),
        v("features", m.features);
    v("library_version", m.library_version), v("node_name", m.node_name), v("observer", m.observer);
    v("membarrier_registered", m.membarrier_registered), v("membarrier_available", m.membarrier_available);
}

template <class V>
void fields(V&, CountersMapped&) {}

template <class V>
void fields(V& v, OpenService& m) {
    v("name", m.name), v("mode", m.mode), v.one_of(m.request), v("attributes", m.attributes);
}

template <class V>
void fields(V& v, CloseService& m) {
    v("service", m.service);
}

template <class V>
void fields(V& v, CreatePort& m) {
    v("service", m.service), v("name", m.name), v.one_of(m.settings);
}

template <class V>
void fields(V& v, DataMapped& m) {
    v("port", m.port);
}

template <class V>
void fields(V& v, DropPort& m) {
    v("port", m.port);
}

template <class V>
void fields(V& v, ConnectionMapped& m) {
    v("connection", m.connection);
}

template <class V>
void fields(V& v, ConnectionCut& m) {
    v("connection", m.connection), v("detail", m.detail);
}

template <class V>
void fields(V& v, RequestWakeHandle& m) {
    v("port", m.port);
}

template <class V>
void fields(V& v, Query& m) {
    v("what", m.what), v("argument", m.argument), v("cursor", m.cursor);
}

template <class V>
void fields(V&, Goodbye&) {}

template <class V>
void fields(V& v, Welcome& m) {
    v("protocol", m.protocol), v("features", m.features), v("broker_version", m.broker_version);
    v("broker_pid", m.broker_pid), v("broker_uid", m.broker_uid), v("node", m.node);
}

template <class V>
void fields(V& v, ServiceOpened& m) {
    v("service", m.service), v("created", m.created), v("hash", m.hash), v.one_of(m.settings);
    v("attributes", m.attributes);
}

template <class V>
void fields(V& v, PortCreated& m) {
    v("port", m.port), v("record", m.record), v("buffer_size", m.buffer_size), v("data_size", m.data_size);
    v("connections", m.connections);
}

template <class V>
void fields(V& v, ConnectionOffered& m) {
    v("connection", m.connection), v("port", m.port), v("peer_port", m.peer_port),
        v("peer_node", m.peer_node);
    v("peer_pid", m.peer_pid), v("sending", m.sending), v("peer_is_new", m.peer_is_new);
    v.one_of(m.settings), v("record", m.record);
    v("peer_membarrier_registered", m.peer_membarrier_registered);
    v("peer_membarrier_available", m.peer_membarrier_available), v("data_sizes", m.data_sizes);
    v("segments", m.segments), v("taken", m.taken);
}

template <class V>
void fields(V& v, DataSegment& m) {
    v("id", m.id), v("number", m.number), v("size", m.size);
}

template <class V>
void fields(V& v, GrowPort& m) {
    v("port", m.port), v("number", m.number), v("size", m.size);
}

template <class V>
void fields(V& v, SegmentMapped& m) {
    v("port", m.port), v("segment", m.segment);
}

template <class V>
void fields(V& v, ShrinkPort& m) {
    v("port", m.port), v("segment", m.segment);
}

template <class V>
void fields(V& v, SegmentTaken& m) {
    v("connection", m.connection), v("port", m.port), v("segment", m.segment);
}

template <class V>
void fields(V& v, ReadoptSegment& m) {
    v("port", m.port), v("segment", m.segment);
}

template <class V>
void fields(V& v, PortGrown& m) {
    v("port", m.port), v("segment", m.segment);
}

template <class V>
void fields(V& v, SegmentSealed& m) {
    v("segment", m.segment), v("connections", m.connections);
}

template <class V>
void fields(V& v, SegmentOffered& m) {
    v("connection", m.connection), v("port", m.port), v("segment", m.segment);
}

template <class V>
void fields(V& v, SegmentReady& m) {
    v("connection", m.connection), v("port", m.port), v("segment", m.segment);
}

template <class V>
void fields(V& v, SegmentWithdrawn& m) {
    v("connection", m.connection), v("port", m.port), v("segment", m.segment);
}

template <class V>
void fields(V& v, SegmentsLeft& m) {
    v("connection", m.connection), v("port", m.port), v("segments", m.segments);
}

template <class V>
void fields(V& v, ConnectionReady& m) {
    v("connection", m.connection), v("port", m.port);
}

template <class V>
void fields(V& v, ConnectionRemoved& m) {
    v("connection", m.connection), v("port", m.port), v("reason", m.reason);
}

template <class V>
void fields(V& v, WakeHandle& m) {
    v("port", m.port);
}

template <class V>
void fields(V& v, WakeOffered& m) {
    v("connection", m.connection), v("port", m.port);
}

template <class V>
void fields(V& v, WakeExpected& m) {
    v("connection", m.connection), v("port", m.port);
}

template <class V>
void fields(V& v, Answer& m) {
    v("body", m.body), v("more", m.more);
}

template <class V>
void fields(V& v, Refused& m) {
    v("code", m.code), v("message", m.message);
}

template <class V>
void fields(V& v, Closing& m) {
    v("reason", m.reason);
}

template <class V>
void fields(V&, Readopt&) {}

template <class V>
void fields(V& v, ReadoptService& m) {
    v("service", m.service), v("handles", m.handles);
}

template <class V>
void fields(V& v, ReadoptPort& m) {
    v("port", m.port), v("has_data", m.has_data), v("wakes", m.wakes);
}

template <class V>
void fields(V& v, HalfOfConnection& m) {
    v("connection", m.connection), v("port", m.port), v("wakes", m.wakes), v("woken", m.woken);
}

template <class V>
void fields(V& v, ReadoptConnections& m) {
    v("halves", m.halves);
}

template <class V>
void fields(V& v, ReadoptConnection& m) {
    v("half", m.half);
}

template <class V>
void fields(V&, ReadoptDone&) {}

template <class V>
void fields(V& v, PeerGone& m) {
    v("half", m.half);
}

template <class V>
void fields(V& v, ServiceReadopted& m) {
    v("recorded", m.recorded), v("service", m.service);
}

template <class V>
void fields(V& v, NotReadopted& m) {
    v("service", m.service), v("port", m.port), v("code", m.code), v("message", m.message);
}

template <class V>
void fields(V&, Readopted&) {}

template <class V>
void fields(V&, RecordRenewed&) {}

template <class V>
void fields(V& v, HistoryKept& m) {
    v("service", m.service), v("publisher", m.publisher), v("data_size", m.data_size);
    v("segments", m.segments);
}

template <class V>
void fields(V& v, HistoryDropped& m) {
    v("publisher", m.publisher);
}

template <class V>
void fields(V& v, ReadoptHistorySegment& m) {
    v("publisher", m.publisher), v("segment", m.segment);
}

template <class V>
void fields(V& v, ReadoptHistory& m) {
    v("publisher", m.publisher);
}

}  // namespace ipc::wire
