// SPDX-License-Identifier: Apache-2.0
#pragma once

// The whole public API.

#include "ipc/allocation.hpp"
#include "ipc/attribute.hpp"
#include "ipc/client.hpp"
#include "ipc/config.hpp"
#include "ipc/defaults.hpp"
#include "ipc/event.hpp"
#include "ipc/expected.hpp"
#include "ipc/introspection.hpp"
#include "ipc/listener.hpp"
#include "ipc/node.hpp"
#include "ipc/notifier.hpp"
#include "ipc/payload.hpp"
#include "ipc/publish_subscribe.hpp"
#include "ipc/publisher.hpp"
#include "ipc/request_response.hpp"
#include "ipc/schema.hpp"
#include "ipc/server.hpp"
#include "ipc/service.hpp"
#include "ipc/slice.hpp"
#include "ipc/subscriber.hpp"
#include "ipc/untyped/publish_subscribe.hpp"
#include "ipc/untyped/request_response.hpp"
#include "ipc/version.hpp"
#include "ipc/wait_set.hpp"
