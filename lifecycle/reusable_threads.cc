// SPDX-License-Identifier: Apache-2.0
#include "stemma/lifecycle/reusable_threads.h"

#include "stemma/lifecycle/internal/thread_reserve.h"

namespace stemma {

ReusableThreads::ReusableThreads() : reserve_(std::make_shared<internal::ThreadReserve>()) {}

}  // namespace stemma
