// The entry point that every Boost.Test program of this tree shares.
#define BOOST_TEST_MODULE ieum
#include <boost/test/unit_test.hpp>
