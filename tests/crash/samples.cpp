// SPDX-License-Identifier: Apache-2.0
#include "crash/samples.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace crash {

using namespace std::chrono_literals;

template <class Payload>
bool SampleReader<Payload>::take() {
    auto received = subscriber_.receive();
    if (!received) {
        if (received.error() == ipc::ReceiveError::ExceedsMaxBorrows) return false;
        throw std::runtime_error{"a survivor cannot receive"};
    }
    if (!*received) return false;
    const auto& payload = Travel<Payload>::look_at(**received);
    if (!payload.is_whole()) throw std::runtime_error{"a torn sample was delivered"};
    std::uint64_t& before = last_of_[(*received)->header().publisher_id()];
    if (payload.number <= before)
        throw std::runtime_error{"sample " + std::to_string(payload.number) + " came after " +
                                 std::to_string(before)};
    before = payload.number;
    std::uint64_t& last = last_.at(static_cast<std::size_t>(payload.author));
    last = std::max(last, payload.number);
    held_.push_back(std::move(**received));
    return true;
}

template <class Payload>
void SampleReader<Payload>::let_go() {
    for (const auto& sample : held_)
        if (!Travel<Payload>::look_at(sample).is_whole())
            throw std::runtime_error{"a sample changed while it was held"};
    held_.clear();
}

template <class Payload>
SampleSurvivors<Payload>::SampleSurvivors(const std::string& socket, const SampleCast& cast)
    : cast_{cast},
      node_{harness::node_at(socket, "survivor")},
      hasty_node_{[&] {
          auto config = harness::config_for(socket);
          config.creation_bound = cast.grows ? 50ms : 1ms;
          return harness::node_with(config, "hasty survivor");
      }()},
      service_{open(node_, cast)},
      hasty_service_{open(hasty_node_, cast)},
      publisher_{publisher(cast.grows ? hasty_service_ : service_)} {
    if (cast.grows) number_ = Words::growing;
    if (cast.subscribes) reader_.emplace(reader(service_));
    if (cast.sleeps) (void)reader_->port().file_descriptor().value();
}

template <class Payload>
typename SampleSurvivors<Payload>::Service SampleSurvivors<Payload>::open(const ipc::Node& node,
                                                                          const SampleCast& cast) {
    return node.service_builder(Travel<Payload>::service)
        .template publish_subscribe<Type>()
        .enable_safe_overflow(cast.overflow)
        .history_size(cast.history)
        .subscriber_max_buffer_size(sample_buffer)
        .subscriber_max_borrowed_samples(sample_borrows)
        .max_publishers(cast.publishers)
        .max_subscribers(cast.subscribers)
        .max_nodes(4)
        .open_or_create()
        .value();
}

template <class Payload>
typename SampleSurvivors<Payload>::Publisher SampleSurvivors<Payload>::publisher(const Service& service) {
    auto builder = service.publisher_builder();
    Travel<Payload>::set_up(builder);
    return builder.max_loaned_samples(sample_loans)
        .backpressure_strategy(ipc::BackpressureStrategy::DiscardData)
        .create()
        .value();
}

template <class Payload>
SampleReader<Payload> SampleSurvivors<Payload>::reader(const Service& service) {
    return SampleReader<Payload>{service.subscriber_builder().create().value()};
}

// A number that is left out is as good as one that was lost.
template <class Payload>
void SampleSurvivors<Payload>::send(bool grows) {
    if (cast_.grows && Words::is_long(number_ + 1) != grows) ++number_;
    (void)Travel<Payload>::send(publisher_, Payload::of(Author::survivor, ++number_));
}

template <class Payload>
void SampleSurvivors<Payload>::relieve() {
    send(cast_.grows);
    if (!cast_.overflow) reader_->drain();
    if (!cast_.newcomers) return;
    if (!newcomers_.valid())
        newcomers_ = std::async(std::launch::async, [this] { return newcomers(); });
    else if (newcomers_.wait_for(0s) == std::future_status::ready)
        (void)newcomers_.get();
}

// Waits for who stands in the middle of taking them up, until he is dead.
template <class Payload>
typename SampleSurvivors<Payload>::Newcomers SampleSurvivors<Payload>::newcomers() {
    Newcomers result{publisher(service_), reader(service_)};
    (void)Travel<Payload>::send(result.publisher, Payload::of(Author::successor, ++number_of_successors_));
    return result;
}

template <class Payload>
void SampleSurvivors<Payload>::end_of_newcomers() {
    if (newcomers_.valid()) (void)newcomers_.get();
}

template <class Payload>
void SampleSurvivors<Payload>::go_on_beside() {
    for (std::uint64_t i = 0; i <= sample_buffer; ++i) send();
    if (reader_) reader_->fill_up();
    if (cast_.history != 0 && cast_.subscribes) {
        latecomer_.emplace(reader(hasty_service_));
        latecomer_->fill_up();
    }
    send();
}

template <class Payload>
void SampleSurvivors<Payload>::look_back(std::uint64_t done) {
    end_of_newcomers();
    if (latecomer_) {
        latecomer_->fill_up();
        latecomer_->let_go();
        latecomer_->drain();
        latecomer_.reset();
    }
    if (!reader_) return;
    reader_->let_go();
    reader_->drain();
    send();
    reader_->drain();
    if (reader_->last(Author::survivor) != number_)
        throw std::runtime_error{"a survivor's newest sample did not come"};
    if (reader_->last(Author::mortal) < done)
        throw std::runtime_error{"sample " + std::to_string(done) + " of the dead did not come"};
    reader_->forget(Author::mortal);
}

template <class Payload>
void SampleSurvivors<Payload>::go_on_without() {
    std::vector<SampleReader<Payload>> successors;
    successors.reserve(cast_.subscribers);
    std::vector<SampleReader<Payload>*> readers;
    if (reader_) readers.push_back(&*reader_);
    while (readers.size() < cast_.subscribers) {
        successors.push_back(reader(service_));
        readers.push_back(&successors.back());
    }
    if (cast_.publishers > 1) {
        auto another = publisher(service_);
        const std::uint64_t number = ++number_of_successors_;
        if (Travel<Payload>::send(another, Payload::of(Author::successor, number)) != readers.size())
            throw std::runtime_error{"a successor's sample does not go to everybody"};
        for (auto* reader : readers) {
            reader->drain();
            if (reader->last(Author::successor) != number)
                throw std::runtime_error{"a successor's sample did not come"};
        }
    }
    use_up(readers);
}

// Each holds other samples, and then everything is full.
template <class Payload>
void SampleSurvivors<Payload>::use_up(std::vector<SampleReader<Payload>*>& readers) {
    const auto fill = [&] {
        for (std::uint64_t i = 0; i < sample_buffer; ++i) send();
    };
    for (auto* reader : readers) reader->drain();
    for (auto* reader : readers) {
        fill();
        reader->fill_up();
        if (reader->holds() != sample_borrows)
            throw std::runtime_error{"a survivor cannot hold what it may hold"};
        if (!cast_.overflow)
            for (auto* other : readers)
                if (other->holds() == 0) other->drain();
    }
    fill();
    std::vector<decltype(Travel<Payload>::loan(publisher_))> loans;
    for (std::uint64_t i = 0; i < sample_loans; ++i) loans.push_back(Travel<Payload>::loan(publisher_));
    loans.clear();
    for (auto* reader : readers) {
        reader->let_go();
        reader->drain();
    }
    send();
    for (auto* reader : readers) {
        reader->drain();
        if (reader->last(Author::survivor) != number_)
            throw std::runtime_error{"a survivor's newest sample did not come to everybody"};
    }
}

template class SampleSurvivors<Small>;
template class SampleSurvivors<Large>;
template class SampleSurvivors<Words>;

}  // namespace crash
