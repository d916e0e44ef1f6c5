#pragma once

/// \file
/// All of libommi, apart from ommi/spdlog.hpp, which is a library of its own.

#include "ommi/database.hpp"
#include "ommi/driver.hpp"
#include "ommi/error.hpp"
#include "ommi/evolution.hpp"
#include "ommi/faulty.hpp"
#include "ommi/key.hpp"
#include "ommi/malformation.hpp"
#include "ommi/memory.hpp"
#include "ommi/model.hpp"
#include "ommi/query.hpp"
#include "ommi/record.hpp"
#include "ommi/result.hpp"
#include "ommi/schema.hpp"
#include "ommi/sql.hpp"
#include "ommi/sqlite.hpp"
#include "ommi/trace.hpp"
#include "ommi/tracers.hpp"
#include "ommi/transaction.hpp"
#include "ommi/typed.hpp"
#include "ommi/value.hpp"
#include "ommi/wire.hpp"
