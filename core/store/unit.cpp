#include "store/unit.hpp"

#include <utility>

namespace ieum::store {

template <class T>
requires detail::is_alternative<T, AnyWrite> Write::Write(T write) : any(std::move(write)) {}

Write::Write(const Write& other) = default;
Write::Write(Write&& other) noexcept = default;
Write& Write::operator=(const Write& other) = default;
Write& Write::operator=(Write&& other) noexcept = default;
Write::~Write() = default;

template Write::Write(AcceptEvent);
template Write::Write(AcceptItem);
template Write::Write(NoteFact);
template Write::Write(SettleEvent);
template Write::Write(StartRun);
template Write::Write(MoveRun);
template Write::Write(OpenStep);
template Write::Write(MoveStep);
template Write::Write(PutDecision);
template Write::Write(AddListener);
template Write::Write(AddTold);
template Write::Write(DropListeners);
template Write::Write(PutAbsence);
template Write::Write(DropAbsence);
template Write::Write(AddConversion);
template Write::Write(AddCustomer);
template Write::Write(AddIdentity);
template Write::Write(TouchCustomer);
template Write::Write(SetTraits);
template Write::Write(MergeCustomers);
template Write::Write(SplitCustomers);
template Write::Write(AddHistory);
template Write::Write(AddOptOut);
template Write::Write(AddConsent);
template Write::Write(AddTouch);
template Write::Write(AddFanOut);
template Write::Write(MoveFanOut);
template Write::Write(PutConnection);
template Write::Write(RemoveConnection);
template Write::Write(PutSecret);
template Write::Write(DropSecrets);
template Write::Write(RetireSecrets);
template Write::Write(PutToken);
template Write::Write(PutHealth);
template Write::Write(PutPoll);
template Write::Write(DropPoll);
template Write::Write(PutSubscription);
template Write::Write(DropSubscription);
template Write::Write(PutResources);
template Write::Write(AddErasure);
template Write::Write(PutRecipe);
template Write::Write(PutPerson);
template Write::Write(RemovePerson);
template Write::Write(PutInvitation);
template Write::Write(TakeInvitation);
template Write::Write(PutSession);
template Write::Write(DropSession);
template Write::Write(DropSessionsOf);
template Write::Write(PutApiToken);
template Write::Write(AddAudit);
template Write::Write(EndAudit);
template Write::Write(PutSavedView);
template Write::Write(DropSavedView);
template Write::Write(CountTry);
template Write::Write(ClearTries);
template Write::Write(PutMeta);
template Write::Write(PutHold);
template Write::Write(ReleaseHold);
template Write::Write(DropHold);
template Write::Write(MoveProblem);
template Write::Write(AddReplay);
template Write::Write(IndexRun);
template Write::Write(DropRuns);
template Write::Write(DropEvents);
template Write::Write(DropMinutes);
template Write::Write(Vacuum);

}  // namespace ieum::store
