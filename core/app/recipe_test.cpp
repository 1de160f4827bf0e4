// ieum recipe test: plays the tests of recipes in virtual time; with --watch again whenever a file changes. And its source
// of tests from life: ieum run record.
#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "app/commands.hpp"
#include "app/data_dir.hpp"
#include "app/hub_process.hpp"
#include "app/recipe_files.hpp"
#include "app/remote.hpp"
#include "app/sandbox_vendors.hpp"
#include "app/signals.hpp"
#include "app/terminal.hpp"
#include "app/test_report.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"
#include "recipe/checker.hpp"
#include "runtime/recipe_catalog.hpp"
#include "trial/record.hpp"
#include "trial/run_test.hpp"

namespace ieum::app {
namespace {

constexpr Millis kLookAgain = 300;  // how often --watch asks for the files' times

class Runner {
 public:
  Runner(const Common& common, const TestArguments& arguments, const host::Registry& connectors,
         const std::string& directory)
      : common_(common),
        arguments_(arguments),
        connectors_(connectors),
        samples_(trial::Samples::load(directory, connectors)),
        zones_(system_zones()),
        terminal_(Terminal::standard_output()) {}

  // The exit code.
  int run(const std::vector<std::string>& files) {
    passed_ = failed_ = 0;
    refused_ = false;
    results_.clear();
    const Millis begun = clock_.now();
    for (const auto& file : files) run_file(file);
    if (common_.json) {
      std::printf("%s\n", write_json(Map{{"ok", failed_ == 0 && !refused_},
                                         {"passed", static_cast<std::int64_t>(passed_)},
                                         {"failed", static_cast<std::int64_t>(failed_)},
                                         {"files", results_}})
                              .c_str());
    } else {
      const std::string summary = std::to_string(passed_) + " passed, " + std::to_string(failed_) + " failed";
      std::printf("%s in %lld ms\n",
                  terminal_.paint(failed_ == 0 && !refused_ ? Colour::green : Colour::red, summary).c_str(),
                  static_cast<long long>(clock_.now() - begun));
    }
    std::fflush(stdout);
    if (failed_ > 0 || refused_) return 1;
    if (passed_ == 0 && !arguments_.name.empty()) {
      std::fprintf(stderr, "error: no test has \"%s\" in its name\n", arguments_.name.c_str());
      return 2;
    }
    return 0;
  }

 private:
  void run_file(const std::string& file) {
    Map result{{"file", file}};
    const auto text = read_file(file, limits::kRecipeBytes);
    if (text.has_error()) return refuse(std::move(result), text.error().text());
    const auto format = format_of(file);
    auto read = recipe::read_recipe(*text, format);
    if (read.recipe) {
      const auto catalog = runtime::make_catalog(connectors_, nullptr, *zones_);
      for (auto& finding : recipe::check_recipe(*read.recipe, *catalog)) read.findings.push_back(std::move(finding));
    }
    std::string errors;
    for (const auto& finding : read.findings) {
      if (finding.severity == recipe::Finding::Severity::error)
        errors += (errors.empty() ? "" : "\n") + recipe::finding_text(file, finding);
    }
    if (!errors.empty() || !read.recipe) return refuse(std::move(result), errors);
    const trial::Recipe recipe{*text, format, file, read.recipe->name, read.recipe->zone};
    const auto program = recipe::compile(std::move(*read.recipe));
    trial::Coverage coverage(program);
    if (!common_.json) std::printf("%s\n", terminal_.paint(Colour::bold, printable(file)).c_str());
    List tests;
    for (const auto& test : recipe::tests_of(*text, format)) {
      if (test.name.find(arguments_.name) != std::string::npos) tests.push_back(run_test(recipe, test, coverage));
    }
    const auto items = coverage.items();
    if (!common_.json) {
      if (tests.empty()) std::printf("  no tests\n");
      if (!tests.empty()) std::printf("  %s\n", terminal_.paint(Colour::dim, coverage_line(items)).c_str());
      if (arguments_.coverage) std::printf("%s", coverage_table(terminal_, items).c_str());
    }
    result.set("tests", std::move(tests));
    if (arguments_.coverage) result.set("coverage", coverage_value(items));
    results_.push_back(std::move(result));
  }

  Value run_test(const trial::Recipe& recipe, const recipe::TestCase& test, trial::Coverage& coverage) {
    trial::StageParts parts{connectors_, samples_, *zones_, {}};
    if (!arguments_.samples) parts.vendors = sandbox_vendors;
    const Millis begun = clock_.now();
    const auto played = trial::play(parts, recipe, test, &coverage);
    const Millis took = clock_.now() - begun;
    if (played.has_error()) {
      ++failed_;
      auto error = played.error();
      if (!error.place.empty() && error.place.find(recipe.file) == std::string::npos)
        error.place = recipe.file + ":" + error.place;
      line(false, test, took);
      if (!common_.json) std::printf("      %s\n", printable(error.text()).c_str());
      return Map{{"name", test.name}, {"line", test.place.line}, {"passed", false}, {"error", error.text()}};
    }
    const auto verdict = trial::judge(test, *played);
    ++(verdict.passed ? passed_ : failed_);
    line(verdict.passed, test, took);
    if (!verdict.passed && !common_.json) {
      const auto zone = zones_->find(played->zone);
      std::printf("%s", failure_report(terminal_, test, *played, verdict, zone.has_value() ? *zone : nullptr).c_str());
    }
    return failure_value(test, *played, verdict);
  }

  void line(bool passed, const recipe::TestCase& test, Millis took) {
    if (common_.json) return;
    std::printf("  %s  %s  %s\n",
                passed ? terminal_.paint(Colour::green, "ok  ").c_str() : terminal_.paint(Colour::red, "FAIL").c_str(),
                printable(test.name).c_str(), terminal_.paint(Colour::dim, std::to_string(took) + " ms").c_str());
  }

  void refuse(Map result, const std::string& why) {
    refused_ = true;
    if (!common_.json) std::printf("%s\n", why.c_str());
    result.set("error", why);
    results_.push_back(std::move(result));
  }

  const Common& common_;
  const TestArguments& arguments_;
  const host::Registry& connectors_;
  const trial::Samples samples_;
  const std::unique_ptr<ZoneSource> zones_;
  const Terminal terminal_;
  const SystemClock clock_;
  std::size_t passed_ = 0, failed_ = 0;
  bool refused_ = false;
  List results_;
};

std::string connectors_dir(const Common& common) {
  return common.connectors.empty() ? default_connectors_dir() : common.connectors;
}

// Changes when a file changes, comes or goes.
std::string state_of(const std::vector<std::string>& files) {
  std::string state;
  for (const auto& file : files) {
    std::error_code failed;
    const auto time = std::filesystem::last_write_time(file, failed).time_since_epoch().count();
    state += file + "|" + std::to_string(failed ? 0 : time) + "\n";
  }
  return state;
}

}  // namespace

int recipe_test(const Common& common, const TestArguments& arguments) {
  const auto connectors = registry_of(common);
  if (connectors.has_error()) return report(connectors.error(), common.json);
  auto files = recipe_files(arguments.files);
  if (files.empty()) {
    report(Error("no_recipes", "there are no recipes there", "name a file, or a directory with *.yaml"), common.json);
    return 2;
  }
  for (const auto& file : files) {
    std::error_code failed;
    if (std::filesystem::is_regular_file(file, failed)) continue;
    report(Error("no_file", "there is no such file", "", file), common.json);
    return 2;
  }
  Runner runner(common, arguments, **connectors, connectors_dir(common));
  int code = runner.run(files);
  if (!arguments.watch) return code;
  block_signals();
  auto state = state_of(files);
  if (!common.json) std::printf("watching; Ctrl-C ends\n"), std::fflush(stdout);
  while (!wait_for_signal(kLookAgain)) {
    files = recipe_files(arguments.files);
    auto now = state_of(files);
    if (now == state) continue;
    state = std::move(now);
    if (!common.json) std::printf("\n");
    code = runner.run(files);
  }
  return code;
}

int run_record(const Common& common, std::int64_t id) {
  const auto hub = Remote::to(common.data);
  if (hub.has_error()) return report(hub.error(), common.json);
  const auto record = hub->call("GET", "/api/v1/runs/" + std::to_string(id) + "/record");
  if (record.has_error()) return report(record.error(), common.json);
  const auto connectors = registry_of(common);
  if (connectors.has_error()) return report(connectors.error(), common.json);
  const auto samples = trial::Samples::load(connectors_dir(common), **connectors);
  const auto zones = system_zones();
  const auto test = trial::recorded_test({**connectors, samples, *zones, sandbox_vendors}, *record);
  if (test.has_error()) return report(test.error(), common.json);
  if (common.json) {
    std::printf("%s\n", write_json(Map{{"run", id}, {"test", test->yaml}, {"warning", test->warning}}).c_str());
  } else {
    std::printf("%s", test->yaml.c_str());
    if (!test->warning.empty()) std::fprintf(stderr, "warning: %s\n", printable(test->warning).c_str());
  }
  return 0;
}

}  // namespace ieum::app
